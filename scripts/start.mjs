// Starts the standalone, or one service by its name, in the foreground: `npm start`, `npm run start:<service>`. With `--watch`, `npm run dev`, it is
// compiled and started again after each change of a source.
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { builtEmbedded } from './lib/built.mjs';
import { Children } from './lib/children.mjs';
import { prepare } from './lib/prepare.mjs';
import { settingsFor, startSimulators } from './lib/simulated-peers.mjs';
import { watchSources } from './lib/watch-sources.mjs';

const usualPort = 8080;
const wrongConfiguration = 78;
const root = resolve(import.meta.dirname, '..');
const apps = readdirSync(join(root, 'apps'));

const { positionals: [app = 'standalone'], values } = parseArgs({
  allowPositionals: true, options: {
    'watch': { type: 'boolean', default: false }, 'simulators': { type: 'boolean', default: false }, 'device-print': { type: 'string', multiple: true, default: [] },
  },
});
const devicePrints = values['device-print'].map((text) => /^([1-9]\d*)=(.+)$/.exec(text));
const isSimulated = values.simulators || app === 'simulators';
if (!apps.includes(app) || (values.watch && app === 'simulators') || (values.simulators && app !== 'standalone') || devicePrints.includes(null) || (devicePrints.length > 0 && !isSimulated)) {
  process.stderr.write(`usage: npm start [-- --simulators [--device-print <sbcId>=FILE]]   or   npm run start:<${apps.filter((name) => name !== 'standalone').join('|')}>   or   npm run dev -- [<service>|--simulators]\n`);
  process.exit(2);
}

await prepare({ root, quiet: true });
const children = new Children({
  root,
  onUnexpectedEnd: async (service, code) => {
    // No change of a source gives it other settings.
    if (values.watch && service.app === app && code !== wrongConfiguration) {
      process.stderr.write(`${app} has ended with ${code}; it starts again after the next change\n`);
      return;
    }
    // What the others say is on the terminal already.
    if (service.app === 'simulators') process.stderr.write(`${service.lines.join('\n')}\n`);
    await children.stop();
    process.exit(typeof code === 'number' ? code : 1);
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await children.stop();
    process.exit(0);
  });
}

let settings = {};
if (isSimulated) {
  const { findDataDir } = await builtEmbedded();
  const simulators = await startSimulators(children, devicePrints.length === 0
    ? {}
    : { SIM_DEVICE_PRINT: JSON.stringify(Object.fromEntries(devicePrints.map((print) => [print?.[1], resolve(process.env.INIT_CWD ?? '', print?.[2] ?? '')]))) });
  settings = await settingsFor(simulators, { folder: join(findDataDir(root, process.env.DATA_DIR), 'simulated'), root });
  const addresses = [`Microsoft ${simulators.microsoft}`, `OVOC ${simulators.ovoc}`, ...Object.entries(simulators.sbcs).map(([id, url]) => `SBC ${id} ${url}`)];
  process.stderr.write(`Simulated peers, not real ones: ${addresses.join(', ')}; control port ${simulators.control}\n`);
}
if (app === 'simulators') process.stdout.write(`export ${Object.entries(settings).map(([name, value]) => `${name}='${value}'`).join(' ')}\n`);
else await run({ ...settings, ...await httpPort() });

async function run(environment) {
  const start = () => children.start(app, environment, { echo: true, isUnbundled: values.watch });
  let service = start();
  if (!values.watch) return;
  watchSources({
    root,
    onBuilt: async () => {
      await children.end(service);
      service = start();
    },
  });
}

/** The usual port may be another program's: then a free one is taken, which the service prints. A port that was asked for is not replaced. */
async function httpPort() {
  if (process.env.HTTP_PORT || (app !== 'standalone' && app !== 'gateway') || await isFree(usualPort)) return {};
  process.stderr.write(`Port ${usualPort} is taken, a free one is used.\n`);
  return { HTTP_PORT: '0' };
}

function isFree(port) {
  return new Promise((resolveFree) => {
    const server = createServer().once('error', () => { resolveFree(false); });
    server.listen(port, '127.0.0.1', () => { server.close(() => { resolveFree(true); }); });
  });
}
