// Starts the standalone, or one service by its name, in the foreground: `npm start`, `npm run start:<service>`.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { Children } from './lib/children.mjs';
import { prepare } from './lib/prepare.mjs';
import { settingsFor, startSimulators } from './lib/simulated-peers.mjs';

const apps = ['standalone', 'gateway', 'provisioner', 'sbc-agent', 'ovoc-sync', 'simulators'];
const root = resolve(import.meta.dirname, '..');

const { positionals: [app = 'standalone'], values } = parseArgs({ allowPositionals: true, options: { simulators: { type: 'boolean', default: false } } });
if (!apps.includes(app) || (values.simulators && app !== 'standalone')) {
  process.stderr.write(`usage: npm start [-- --simulators]   or   npm run start:<${apps.slice(1, 5).join('|')}>\n`);
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
if (values.simulators) {
  const { findDataDir } = await import('../dist/libs/embedded/src/index.js');
  const folder = join(findDataDir(root, process.env.DATA_DIR), 'simulated');
  await mkdir(folder, { recursive: true });
  const simulators = await startSimulators(children);
  settings = await settingsFor(simulators, { folder, root });
  process.stderr.write(`Simulated peers, not real ones: Microsoft ${simulators.microsoft}, OVOC ${simulators.ovoc}, SBCs ${Object.entries(simulators.sbcs).map(([id, url]) => `${id} ${url}`).join(', ')}; control ${simulators.control}\n`);
}
children.start(app, settings, { echo: true });
