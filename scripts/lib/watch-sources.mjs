// Compiles after each change of a source, for `npm run dev`.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, watch } from 'node:fs';
import { join, relative } from 'node:path';

/** An editor writes a file in several steps, and a branch is many files. */
const quietMs = 200;

/**
 * Watches apps and libs; after a change, when no other has followed it for a moment, compiles and calls `onBuilt`. A build that fails is shown, and
 * waits for the next change.
 */
export function watchSources({ onBuilt, root }) {
  const watchers = new Map();
  let timer;
  let building = Promise.resolve();
  watchFolders();

  /** Each folder by itself: Node 20's recursive watch loses a file that an editor has replaced. */
  function watchFolders() {
    for (const [folder, watcher] of watchers) {
      if (existsSync(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of ['apps', 'libs'].flatMap((top) => foldersBelow(join(root, top)))) {
      if (!watchers.has(folder)) watchers.set(folder, watch(folder, (_event, name) => { onChange(join(folder, name ?? '')); }).on('error', () => undefined));
    }
  }

  function onChange(file) {
    if (!/\.[a-z]+$/.test(file)) watchFolders(); // a folder, come or gone
    if (!file.endsWith('.ts') || /\.(test|testing|conformance)\.ts$/.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => { building = building.then(() => build(relative(root, file))); }, quietMs);
  }

  async function build(file) {
    process.stderr.write(`${file} has changed, compiling\n`);
    const code = await new Promise((resolve) => {
      const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
      spawn(process.execPath, [nest, 'build', 'standalone'], { cwd: root, stdio: ['ignore', 2, 2] }).on('error', resolve).on('close', resolve);
    });
    if (code === 0) await onBuilt();
  }
}

function foldersBelow(folder) {
  const own = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...own.flatMap(({ name }) => foldersBelow(join(folder, name)))];
}
