// Where a print comes from: a file, standard input, or a device that is only read.
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { text as textOf } from 'node:stream/consumers';

const path = '/api/v1/files/cliScript';
const mostBytes = 64 * 1024 * 1024;
const timeoutMs = 120_000;

/** A text that is a URL and not the name of a file. */
export function isUrl(source) {
  return /^https?:\/\//i.test(source);
}

/** @throws Error with a sentence for the person who asked */
export async function readText(source) {
  try {
    return source === '-' ? await textOf(process.stdin) : await readFile(source, 'utf8');
  } catch (error) {
    throw new Error(`${source} can't be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.code === 'EISDIR' ? 'it is a folder' : error.message}`, { cause: error });
  }
}

/** What the device at this address prints. @throws Error with a sentence for the person who asked */
export async function readDevice(address, { ca, insecure, password, user }) {
  const url = new URL(address);
  if (url.username || url.password) throw new Error('the address holds an account: give the user by --user and the password by an environment variable');
  if (url.search || url.hash) throw new Error(`${address} holds more than an address: only http(s)://host[:port] and a path before /api are understood`);
  const target = `${url.origin}${url.pathname.replace(/\/+$/, '').replace(new RegExp(`${path}$`), '')}${path}`;
  const { body, status } = await get(target, {
    headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
    ...ca !== undefined && { ca }, ...insecure && { rejectUnauthorized: false },
  });
  if (status === 200) return body;
  throw new Error(`${target} answered ${status}${adviceFor(status)}`);
}

function adviceFor(status) {
  if (status === 401) return ': user or password is wrong';
  if (status === 403) return ': the account may not read the configuration; a user of level Monitor is too little, Administrator is needed';
  if (status === 404) return ': no REST interface there; is the address that of the SBC, and its release 7.2 or newer?';
  return '';
}

function get(target, options) {
  const { request } = target.startsWith('https') ? https : http;
  return new Promise((resolve, reject) => {
    const fail = (reason, cause) => { reject(new Error(`${target} can't be read: ${reason}`, { cause })); };
    const sent = request(target, { ...options, method: 'GET', timeout: timeoutMs }, (response) => {
      const chunks = [];
      let size = 0;
      response.on('data', (chunk) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > mostBytes) sent.destroy(new Error(`it is longer than ${mostBytes / 1024 / 1024} MiB`));
      });
      response.on('end', () => { resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString('utf8') }); });
      response.on('aborted', () => { fail('the answer was cut off'); });
      response.on('error', (error) => { fail(error.message, error); });
    });
    sent.on('timeout', () => { sent.destroy(new Error(`no answer for ${timeoutMs / 1000} s`)); });
    sent.on('error', (error) => { fail(reasonOf(error), error); });
    sent.end();
  });
}

function reasonOf(error) {
  const isUntrusted = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(error.code ?? '');
  if (isUntrusted) return `its certificate is not trusted (${error.code}). Give its authority by --ca FILE, or --insecure in a lab`;
  if (error.code === 'ECONNREFUSED') return 'nobody listens there';
  if (error.code === 'ENOTFOUND') return 'there is no such host';
  return error.message || error.code;
}
