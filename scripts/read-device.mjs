// Says what of an SBC's configuration is understood, before a customer is trusted to it: see docs/scripts.md. Reads, and changes nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { builtInventory, builtScripts } from './lib/built.mjs';
import { hasFaults, lookAt } from './lib/device-report.mjs';
import { isUrl, readDevice, readText } from './lib/device-source.mjs';
import { reportText } from './lib/device-text.mjs';
import { prepare } from './lib/prepare.mjs';
import { checkPair, hasPairFaults } from './lib/script-pair.mjs';
import { smallestPart } from './lib/smallest.mjs';

const usage = `node scripts/read-device.mjs FILE          what "show running-config" has printed; - for standard input
node scripts/read-device.mjs URL           a device, http(s)://host[:port]; it is only read

  --user NAME             account of the device; its password is in SBC_PASSWORD
  --password-env NAME     or in the environment variable of this name
  --ca FILE               authority of the device's certificate (PEM)
  --insecure              its certificate is not checked, for labs
  --onboarding FILE --cleanup FILE
                          checks this pair of scripts, and what of it this device may leave out of its print
  --values FILE.json      values of their placeholders: {"IpGroupName": "Northwind7", ...}
  --inventory FILE --sbc ID
                          defaults and limits that the inventory states of the device
  --smallest              writes the smallest part that is not understood, with names and addresses replaced
  --out FILE              where to, instead of standard output
  --all                   lists everything, not the first 20
  --json                  for programs
  --as-built              neither installs nor builds before

Ends with 0 when all is understood and nothing speaks against the pair, with 1 when something is or does, with 2 when it could not be done.
`;

const root = resolve(import.meta.dirname, '..');
const { options, source } = readOptions();

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function run() {
  const scripts = options.onboarding === undefined ? undefined : { onboarding: await readText(options.onboarding), cleanup: await readText(options.cleanup) };
  const values = options.values === undefined ? undefined : valuesIn(await readText(options.values), options.values);
  const text = isUrl(source) ? await readDevice(source, account()) : await readText(source);
  if (!options['as-built']) await prepare({ root, quiet: true });
  const product = await builtScripts();
  if (options.smallest) return writeSmallest(text, product);
  const { configuration, report } = lookAt(text, product);
  const pair = scripts && checkPair(scripts, { facts: await factsOf(options), values }, configuration, product);
  write(options.json ? JSON.stringify({ source, ...report, ...pair && { pair } }, null, 2) : reportText({ report, pair }, { isAll: options.all, source }).join('\n').trimEnd());
  return hasFaults(report) || (pair && hasPairFaults(pair)) ? 1 : 0;
}

/** @param {{ inventory?: string, sbc?: string }} options */
async function factsOf({ inventory: file, sbc: id }) {
  if (file === undefined) return undefined;
  const { deviceFactsOf, loadInventory } = await builtInventory();
  const { inventory } = await loadInventory(file);
  if (!inventory.sbcs.some((sbc) => String(sbc.id) === id)) throw new Error(`${file} has no SBC ${id}: it has ${inventory.sbcs.map((sbc) => sbc.id).join(', ')}`);
  return deviceFactsOf(inventory)(Number(id));
}

function writeSmallest(text, product) {
  const found = smallestPart(text, product);
  if (!found) {
    process.stderr.write('All of it is understood.\n');
    return 0;
  }
  process.stderr.write(`Not understood: ${found.fault}\n`);
  if (!found.isReplaced) process.stderr.write('The fault goes away with the names: they are left in. Look at the text before it is sent to anybody.\n');
  write(options.json ? JSON.stringify(found, null, 2) : found.text.trimEnd());
  return 1;
}

function write(text) {
  if (options.out === undefined) process.stdout.write(`${text}\n`);
  else writeFileSync(options.out, `${text}\n`);
}

function valuesIn(text, file) {
  let values;
  try {
    values = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) throw new Error(`${file} must hold one object: {"IpGroupName": "Northwind7", ...}`);
  const wrong = Object.keys(values).find((name) => typeof values[name] !== 'string');
  if (wrong !== undefined) throw new Error(`${file}: the value of ${wrong} must be a text`);
  return values;
}

function account() {
  const name = options['password-env'] ?? 'SBC_PASSWORD';
  if (options.user === undefined) throw new Error('--user is missing: the account of the device');
  if (!process.env[name]) throw new Error(`the environment variable ${name} is not set: it holds the password of ${options.user}`);
  if (source.startsWith('http:')) process.stderr.write('http: the password is sent without encryption.\n');
  let ca;
  try {
    ca = options.ca === undefined ? undefined : readFileSync(options.ca);
  } catch (error) {
    throw new Error(`${options.ca} can't be read: ${error.code}`, { cause: error });
  }
  return { user: options.user, password: process.env[name], insecure: options.insecure, ca };
}

function readOptions() {
  /** @type {{ type: 'boolean', default: false }} */
  const flag = { type: 'boolean', default: false };
  /** @type {{ type: 'string' }} */
  const text = { type: 'string' };
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: {
        'user': text, 'password-env': text, 'ca': text, 'insecure': flag, 'onboarding': text, 'cleanup': text, 'values': text, 'inventory': text, 'sbc': text, 'smallest': flag, 'out': text, 'all': flag, 'json': flag,
        'as-built': flag, 'help': flag,
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      process.exit(0);
    }
    if (positionals.length !== 1) throw new Error(positionals.length === 0 ? 'a file or an address is missing' : `one file or address at a time, not ${positionals.length}`);
    if ((values.onboarding === undefined) !== (values.cleanup === undefined)) throw new Error('--onboarding and --cleanup are given together: what one makes the other removes');
    if ((values.inventory === undefined) !== (values.sbc === undefined)) throw new Error('--inventory and --sbc are given together');
    if (values.inventory !== undefined && values.onboarding === undefined) throw new Error('--inventory belongs to --onboarding and --cleanup');
    if (values.values !== undefined && values.onboarding === undefined) throw new Error('--values belongs to --onboarding and --cleanup');
    if (URL.canParse(positionals[0]) && /^[a-z][\w+.-]+:\/\//i.test(positionals[0]) && !isUrl(positionals[0])) throw new Error('the address of a device begins with http:// or https://');
    return { options: values, source: positionals[0] };
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    return process.exit(2);
  }
}
