// RabbitMQ and PostgreSQL for one run of tests, with data of their own.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Real servers that end with us, also when we are killed; `stop` removes their data. Undefined when they can't be had: they have said why. */
export async function startOwnServices({ name, root }) {
  const { findDataDir } = await import('../../dist/libs/embedded/src/index.js');
  const dataDir = join(findDataDir(root, process.env.DATA_DIR), `${name}-${process.pid}`);
  const args = [join(root, 'scripts/services.mjs'), '--as-built', '--json', '--until-stdin-ends', '--data-dir', dataDir];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => { child.on('close', resolve); });
  const urls = await Promise.race([firstJson(child.stdout), ended.then(() => undefined)]);
  if (!urls) return undefined;
  return {
    ...urls,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function firstJson(stream) {
  return new Promise((resolve) => {
    createInterface({ input: stream }).on('line', (line) => {
      if (line.startsWith('{')) resolve(JSON.parse(line));
    });
  });
}
