// Compiles after each change of a source, for `npm run dev`.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';

/** An editor writes a file in several steps, and a branch is many files. */
const quietMs = 200;

/** Watches apps and libs; after a change, when no other has followed it for a moment, compiles and calls `onBuilt`. A build that fails is shown, and waits for the next change. */
export function watchSources({ onBuilt, root }) {
  let timer;
  let building = Promise.resolve();
  for (const folder of ['apps', 'libs']) {
    watch(join(root, folder), { recursive: true }, (_event, name) => {
      if (!name?.endsWith('.ts') || /\.(test|testing|conformance)\.ts$/.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(() => { building = building.then(() => build(name)); }, quietMs);
    });
  }

  async function build(name) {
    process.stderr.write(`${name} has changed, compiling\n`);
    const code = await new Promise((resolve) => {
      const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
      spawn(process.execPath, [nest, 'build', 'standalone'], { cwd: root, stdio: ['ignore', 2, 2] }).on('error', resolve).on('close', resolve);
    });
    if (code === 0) await onBuilt();
  }
}
