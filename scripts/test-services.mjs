// Keeps a RabbitMQ and a PostgreSQL up between runs of tests: `npm run test:services`. While it runs, `npm run test:int -- <path>` and the like use them.
import { resolve } from 'node:path';

import { keepServices, keptServices, startOwnServices } from './lib/own-services.mjs';
import { prepare } from './lib/prepare.mjs';

const root = resolve(import.meta.dirname, '..');

await prepare({ root });
if (await keptServices(root)) {
  process.stderr.write('Servers for tests are kept up already.\n');
  process.exit(1);
}
const services = await startOwnServices({ name: 'kept-test-services', root });
if (!services) process.exit(1);
const forget = keepServices(root, services);
process.stdout.write(`Ready for tests until Ctrl-C. For vitest by hand, or a debugger:\n${Object.entries(services.environment).map(([name, value]) => `export ${name}='${value}'`).join('\n')}\n`);
let isEnding = false;
services.ended.then(() => end(1));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));

async function end(code) {
  if (isEnding) return;
  isEnding = true;
  forget();
  await services?.stop();
  process.exit(code);
}
