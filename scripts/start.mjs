// Starts the standalone, or one service by its name, in the foreground: `npm start`, `npm run start:<service>`.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { Children } from './lib/children.mjs';
import { prepare } from './lib/prepare.mjs';
import { settingsFor, startSimulators } from './lib/simulated-peers.mjs';

const apps = ['standalone', 'gateway', 'provisioner', 'sbc-agent', 'ovoc-sync', 'simulators'];
const root = resolve(import.meta.dirname, '..');

const { positionals: [app = 'standalone'], values } = parseArgs({ allowPositionals: true, options: { simulators: { type: 'boolean', default: false } } });
if (!apps.includes(app) || (values.simulators && app !== 'standalone')) {
  process.stderr.write(`usage: npm start [-- --simulators]   or   npm run start:<${apps.slice(1).join('|')}>\n`);
  process.exit(2);
}

await prepare({ root, quiet: true });
const children = new Children({
  root,
  onUnexpectedEnd: async (_service, code) => {
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
if (values.simulators || app === 'simulators') {
  const { findDataDir } = await import('../dist/libs/embedded/src/index.js');
  const simulators = await startSimulators(children);
  settings = await settingsFor(simulators, { folder: join(findDataDir(root, process.env.DATA_DIR), 'simulated'), root });
  const addresses = [`Microsoft ${simulators.microsoft}`, `OVOC ${simulators.ovoc}`, ...Object.entries(simulators.sbcs).map(([id, url]) => `SBC ${id} ${url}`)];
  process.stderr.write(`Simulated peers, not real ones: ${addresses.join(', ')}; control port ${simulators.control}\n`);
}
if (app === 'simulators') process.stdout.write(`export ${Object.entries(settings).map(([name, value]) => `${name}='${value}'`).join(' ')}\n`);
else children.start(app, settings, { echo: true });
