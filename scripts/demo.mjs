// Onboards the documented example customer on a bare machine and shows each step as it happens.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { builtEmbedded } from './lib/built.mjs';
import { Children, lineOf, parseLine } from './lib/children.mjs';
import { prepare } from './lib/prepare.mjs';
import { settingsFor, startSimulators } from './lib/simulated-peers.mjs';

const root = resolve(import.meta.dirname, '..');

/** What can be made to fail, as rules of the simulators' control port. */
const faults = {
  'sbc-script': { title: 'the SBC refuses line 3 of the script', rule: { peer: 'sbc', kind: 'fail-at-line', params: { line: 3 }, times: 1 } },
  'sbc-save': { title: 'the SBC can\'t save its configuration for a while', rule: { peer: 'sbc', kind: 'status', match: { pathContains: 'saveConfiguration' }, params: { status: 503 }, times: 1 } },
  'sbc-lost-answer': { title: 'the SBC applies the script and the answer is lost', rule: { peer: 'sbc', kind: 'lost-answer', match: { method: 'PUT' }, times: 1 } },
  'ovoc-link': { title: 'OVOC refuses the link after it made the site', rule: { peer: 'ovoc', kind: 'status', match: { method: 'POST', pathContains: 'links' }, params: { status: 400 }, times: 1 } },
  'ovoc-busy': { title: 'OVOC answers 503 twice, then works', rule: { peer: 'ovoc', kind: 'status', match: { method: 'POST' }, params: { status: 503 }, times: 2 } },
  'tenant-unknown': { title: 'Microsoft does not know the tenant', body: { msTenantId: '00000000-0000-4000-8000-000000000001' } },
  'microsoft-down': { title: 'Microsoft answers 500', rule: { peer: 'microsoft', kind: 'status', params: { status: 500 } } },
};

const exampleBody = {
  shortName: 'BradSB1E1',
  fullName: 'BradSB1E1',
  siteLocation: { sbcId: 5, sbcOnboardingScript: 7, sbcCleanupScript: 700 },
  ovocCustomerType: 'IPGROUP_TYPE',
  msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de',
};

const options = readOptions();
const isTerminal = process.stdout.isTTY === true;
const paint = (code, text) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
const say = (text = '') => { process.stdout.write(`${text}\n`); };

let exitCode = 1;
let isStopping = false;
let dataFolder;
const children = new Children({
  root,
  onUnexpectedEnd: ({ app, lines }, code) => {
    process.stderr.write(`\n${app} ended (${code}). Its last lines:\n${lines.slice(-12).join('\n')}\n`);
    void stopAll(1);
  },
});

// Whoever reads may have seen enough.
process.stdout.on('error', () => { void stopAll(exitCode); });
process.on('SIGINT', () => { void stopAll(options.keep ? 0 : 130); });
process.on('SIGTERM', () => { void stopAll(143); });

try {
  await prepare({ root });
  const startedAt = performance.now();
  const simulators = await startSimulators(children);
  const standalone = await startStandalone(simulators);
  say(`${paint(2, 'Ready in')} ${seconds(startedAt)}${paint(2, `: standalone ${standalone.url} (in-process transport, embedded PostgreSQL, data in ${standalone.dataDir}),`)}`);
  say(paint(2, `simulated Microsoft ${simulators.microsoft}, OVOC ${simulators.ovoc}, SBC 5 ${simulators.sbcs['5']}`));
  say();
  if (options.fail) await planFailure(simulators, options.fail);
  const answer = await onboard(standalone, { ...exampleBody, ...faults[options.fail]?.body });
  await showPeers(simulators);
  const isAsExpected = options.fail !== undefined ? answer.status < 500 || options.fail === 'microsoft-down' : answer.status === 200 && answer.body.deploymentState === 'Deployed';
  exitCode = isAsExpected ? 0 : 1;
  if (options.keep) await keep(standalone, simulators);
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
}
await stopAll(exitCode);

function readOptions() {
  try {
    const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false }, fail: { type: 'string' }, help: { type: 'boolean', default: false } } });
    if (values.help) usage(0);
    if (values.fail !== undefined && !(values.fail in faults)) usage(2, `Unknown fault "${values.fail}".`);
    return values;
  } catch (error) {
    return usage(2, error.message);
  }
}

/** @returns {never} */
function usage(code, problem) {
  const lines = [
    ...(problem ? [problem, ''] : []),
    'npm run demo                      onboard the documented example customer and stop',
    'npm run demo -- --keep            the same, and stay up',
    'npm run demo -- --fail <fault>    show a fault being dealt with:', '',
    ...Object.entries(faults).map(([name, { title }]) => `  ${name.padEnd(16)} ${title}`), '',
  ];
  (code === 0 ? process.stdout : process.stderr).write(lines.join('\n'));
  process.exit(code);
}

async function startStandalone(simulators) {
  const { findDataDir } = await builtEmbedded();
  const folder = await ownFolder(join(findDataDir(root, process.env.DATA_DIR), 'demo'));
  const service = children.start('standalone', {
    ...await settingsFor(simulators, { folder, root }), HTTP_HOST: '127.0.0.1', HTTP_PORT: '0', DATA_DIR: folder, AMQP_URL: '', DATABASE_URL: '', SECRETS_KEY: '', LOG_LEVEL: 'info',
    // Short ones: what is shown is over in seconds.
    SBC_RESPONSE_TIMEOUT_MS: '5000', OVOC_RESPONSE_TIMEOUT_MS: '3000', OVOC_VISIBILITY_MS: '500', STEP_DEADLINE_MS: '30000',
  });
  const started = await lineOf(service, (line) => line.msg?.startsWith('standalone started'));
  return { url: started.url, dataDir: folder, service };
}

/** Each run has an empty installation of its own, named by its process; what killed runs have left is removed. */
async function ownFolder(all) {
  await mkdir(all, { recursive: true, mode: 0o711 });
  for (const name of await readdir(all)) if (!isAlive(Number(name))) await rm(join(all, name), { recursive: true, force: true });
  dataFolder = join(all, String(process.pid));
  return dataFolder;
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function planFailure({ control }, name) {
  const { rule, title } = faults[name];
  if (rule) await post(`${control}/faults`, rule);
  say(paint(33, `Planned fault: ${title}`));
  say();
}

/** Sends the request and shows what the services report meanwhile. */
async function onboard({ service, url }, body) {
  say(paint(1, `POST ${url}/api/v2/customer`));
  say(indented(JSON.stringify(body, null, 2)));
  say();
  const shown = [];
  let pending;
  const draw = (text) => {
    if (pending !== undefined) say(`${isTerminal ? '├─ ' : '- '}${pending}`);
    pending = text;
  };
  const listener = (line) => {
    for (const text of stepsOf(line)) {
      if (shown.at(-1) === text) continue;
      shown.push(text);
      draw(text);
    }
  };
  service.listeners.add(listener);
  say(paint(1, body.shortName));
  const sentAt = performance.now();
  const answer = await post(`${url}/api/v2/customer`, body);
  service.listeners.delete(listener);
  draw(undefined);
  say(`${isTerminal ? '└─ ' : '- '}answered ${paint(answer.status === 200 ? 32 : 33, String(answer.status))} after ${seconds(sentAt)}`);
  say();
  say(indented(JSON.stringify(answer.body, null, 2)));
  say();
  return answer;
}

function stepsOf(line) {
  if (line.msg === 'deployment event recorded') {
    const who = line.messageType.replace('trunkline.', '').replace(/\.v\d+$/, '');
    const texts = line.progress ?? [];
    return texts.length > 0 ? texts.map((text) => `${who.padEnd(26)} ${colourOf(text)}`) : [who];
  }
  if (line.msg === 'step attempt failed, it is tried again') return [`${`${line.step} attempt ${line.attempt}`.padEnd(26)} ${paint(33, `${line.reason}; again in ${(line.afterMs / 1000).toFixed(1)} s`)}`];
  return [];
}

function colourOf(text) {
  if (text.startsWith('(Error')) return paint(31, text);
  return paint(text.startsWith('(Warning') ? 33 : 32, text);
}

async function showPeers({ control }) {
  const { body: tables } = await get(`${control}/tables?sbc=5`);
  say(paint(1, 'On SBC 5 now (running configuration):'));
  for (const [table, rows] of Object.entries(tables.running)) {
    for (const row of rows) {
      const name = row.name ?? row['route-name'];
      if (name?.startsWith(exampleBody.shortName)) say(`  ${table}  ${Object.entries(row).filter(([, value]) => typeof value === 'string').map(([key, value]) => `${key}=${value}`).join('  ')}`);
    }
  }
  const { body: ovoc } = await get(`${control}/ovoc`);
  say(paint(1, 'In OVOC now:'));
  for (const resource of ['lcCustomers', 'services', 'sites', 'links']) {
    for (const object of ovoc[resource] ?? []) if (object.name === exampleBody.shortName) say(`  ${resource}  id=${object.id}  name=${object.name}  description=${object.description}`);
  }
  say();
}

async function keep({ url }, { control }) {
  say(paint(1, 'Still running; stop with Ctrl-C. To try:'));
  const other = JSON.stringify({ ...exampleBody, shortName: 'Northwind7', fullName: 'Northwind Traders' });
  say(`  curl -s ${url}/api/v2/customer -H 'Content-Type: application/json' -d '${other}'`);
  say(`  curl -s ${url}/api/v2/customer`);
  say(`  curl -s -i -X DELETE ${url}/api/v2/customer/<id>`);
  say(`  curl -s '${control}/tables?sbc=5'`);
  await new Promise(() => undefined);
}

async function post(url, body) {
  return read(await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }));
}

async function get(url) {
  return read(await fetch(url));
}

async function read(response) {
  const text = await response.text();
  return { status: response.status, body: parseLine(text) ?? text };
}

async function stopAll(code) {
  if (isStopping) return;
  isStopping = true;
  await children.stop();
  if (dataFolder) await rm(dataFolder, { recursive: true, force: true });
  process.exit(code);
}

function indented(text) {
  return text.split('\n').map((line) => `  ${line}`).join('\n');
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
