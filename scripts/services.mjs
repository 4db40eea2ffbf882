// Brings up a RabbitMQ and a PostgreSQL of our own, prints their URLs, and stays until it is interrupted: `npm run services`.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { obtainBroker } from './lib/broker.mjs';
import { builtEmbedded, builtSecretsKey, builtServices } from './lib/built.mjs';
import { databaseChoice } from './lib/choose.mjs';
import { prepare } from './lib/prepare.mjs';
import { startOwnPostgres } from './lib/own-postgres.mjs';
import { openServerControl } from './lib/server-control.mjs';

const usage = `npm run services                        RabbitMQ and PostgreSQL until Ctrl-C, with an export line for each service
npm run services -- --data-dir <folder>  the same, with data of their own
npm run services -- --json               for programs: one line of JSON when ready
npm run services -- --until-stdin-ends   for programs: stops also when standard input ends
npm run services -- --control <socket>   for tests: takes commands there that make the servers fail (scripts/lib/server-control.mjs)
npm run services -- --as-built           neither installs nor builds before

AMQP_URL and DATABASE_URL (an account that may make roles and databases) name servers that run already.
`;

const root = resolve(import.meta.dirname, '..');
const options = readOptions();
// What programs read goes to standard output alone.
const log = (text) => { process.stderr.write(`${text}\n`); };

// We stay also when both servers were given and nothing of ours runs.
setInterval(() => undefined, 3_600_000);
const started = [];
/** @type {typeof import('../libs/contracts/src/process/services.js').services | readonly []} */
let services = [];
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { void stopAll(0); });
if (options['until-stdin-ends']) process.stdin.on('end', () => { void stopAll(0); }).on('error', () => { void stopAll(0); }).resume();

try {
  if (!options['as-built']) await prepare({ root, quiet: options.json });
  const embedded = await builtEmbedded();
  ({ services } = await builtServices());
  const dataDir = options['data-dir'] ? resolve(options['data-dir']) : join(embedded.findDataDir(root, process.env.DATA_DIR), 'services');
  await mkdir(dataDir, { recursive: true, mode: 0o711 });
  // Together, because neither waits for the other.
  const [database, broker] = await bothOrNeither(obtainDatabase(embedded, dataDir), obtainBroker({
    amqpUrl: process.env.AMQP_URL, cacheDir: join(root, '.cache'), dataDir: join(dataDir, 'rabbitmq'), log, root,
  }));
  broker.ended?.then((said) => { failUnlessStopping(`RabbitMQ has ended. It last said:\n${said}`); });
  const { keptSecretsKey } = await builtSecretsKey();
  const secretsKey = process.env.SECRETS_KEY || await keptSecretsKey(dataDir);
  if (options.control) started.push(await openServerControl(options.control, { broker: broker.control, database: database.control }));
  announce({ amqpUrl: broker.url, dataDir, secretsKey, ...database.urls }, broker.source);
} catch (error) {
  if (!isStopping) {
    log(error.message);
    await stopAll(1);
  }
}

function readOptions() {
  /** @type {{ type: 'boolean', default: false }} */
  const flag = { type: 'boolean', default: false };
  try {
    const { values } = parseArgs({ options: { 'data-dir': { type: 'string' }, 'control': { type: 'string' }, 'json': flag, 'until-stdin-ends': flag, 'as-built': flag, 'help': flag } });
    if (!values.help) return values;
    process.stdout.write(usage);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

async function obtainDatabase({ ensureRoles, startEmbeddedPostgres }, dataDir) {
  const superuserUrl = process.env.DATABASE_URL;
  if (databaseChoice({ databaseUrl: superuserUrl }) === 'given') {
    const urls = await ensureRoles(superuserUrl).catch((error) => { throw new Error(`DATABASE_URL: ${error.message || error.code}. It needs an account that may make roles and databases.`); });
    return { stop: async () => undefined, urls: { superuserUrl, databaseUrls: byService((role) => urls[role]) } };
  }
  log('Starting PostgreSQL');
  const database = await startOwnPostgres({ dataDir, onFailure: (said) => { failUnlessStopping(`PostgreSQL has ended. It last said:\n${said}`); }, startEmbeddedPostgres });
  return { ...database, urls: { superuserUrl: database.superuserUrl, databaseUrls: byService((role) => database.url(role)) } };
}

function camelCase(name) {
  return name.replace(/-./g, (part) => part[1].toUpperCase());
}

/** By the names of the services in camel case, and `scaler`. */
function byService(urlOf) {
  return { ...Object.fromEntries(services.map(({ name, schema }) => [camelCase(name), urlOf(schema)])), scaler: urlOf('trunkline_scaler') };
}

/** Notes each as soon as it runs, so that a failure of one, or an interrupt, stops the other. */
async function bothOrNeither(...starts) {
  const outcomes = await Promise.allSettled(starts.map(async (start) => {
    const server = await start;
    if (isStopping) await server.stop();
    else started.push(server);
    return server;
  }));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function announce(urls, source) {
  if (isStopping) return;
  if (options.json) {
    process.stdout.write(`${JSON.stringify(urls)}\n`);
    return;
  }
  const { amqpUrl, databaseUrls, dataDir, secretsKey } = urls;
  const shared = { AMQP_URL: amqpUrl, SECRETS_KEY: secretsKey };
  const line = (service, settings) => `export ${Object.entries(settings).map(([name, value]) => `${name}='${value.replaceAll('\'', '\'\\\'\'')}'`).join(' ')}   # ${service}`;
  process.stdout.write([
    '',
    `RabbitMQ (${source}) and PostgreSQL are ready, data in ${dataDir}. Stop with Ctrl-C.`,
    'Paste the line of a service into its terminal, then: npm run start:<service>. Peers that are only simulated: npm run start:simulators',
    '',
    line('gateway', shared),
    ...services.map(({ name }) => line(name, { ...shared, DATABASE_URL: databaseUrls[camelCase(name)] })),
    `psql '${databaseUrls.scaler}' -c 'SELECT * FROM sbc_agent.scaling'   # what agents are scaled by`,
    '',
  ].join('\n'));
}

function failUnlessStopping(message) {
  if (isStopping) return;
  log(message);
  void stopAll(1);
}

async function stopAll(code) {
  if (isStopping) return;
  isStopping = true;
  const outcomes = await Promise.allSettled(started.map((server) => server.stop()));
  for (const outcome of outcomes) if (outcome.status === 'rejected') log(outcome.reason.message);
  process.exit(code);
}
