import type { CliCommand } from './cli-command.js';
import type { Configuration } from './configuration.js';
import { lastWord } from './device-tables.js';
import { readScript } from './read-script.js';
import { type RowRef, rowKey } from './script-rows.js';

/**
 * A rendered cleanup script as it is sent to a device that was just read: what is not there is not removed, and a row inside one that belongs to all is
 * removed by the index it has, the only way there is. A row that belongs to all and is switched off stays so. `removes` are the removals that were noted
 * with the script.
 */
export function cleanupText(script: string, removes: readonly RowRef[], configuration: Configuration): string {
  const noted = new Set(removes.map(rowKey));
  const lines = script.split('\n');
  const read = readScript(commandsOf(lines));
  const change = (line: number, ref: RowRef, word: string | undefined): void => {
    if (!noted.has(rowKey(ref))) return;
    const [found] = configuration.find(ref);
    const at = line - 1;
    if (!found) lines[at] = '';
    else if (word !== undefined && /* safeguard: shared-row-child-index */ found.index !== undefined) {
      lines[at] = `${/^\s*/.exec(lines[at] ?? '')?.[0] ?? ''}no ${word} ${found.index}`;
    }
  };
  for (const { line, selector, table } of read.removals) if (selector.kind === 'name') change(line, { table, name: selector.name }, undefined);
  for (const row of read.rows) {
    if (row.selector.kind !== 'name') continue;
    const [inside] = row.removals;
    const isOff = /* safeguard: shared-row-stays-off */ inside !== undefined
      && configuration.around({ table: inside.table, parent: row.selector.name }).some(({ isActive }) => !isActive);
    // Its `exit` would put it in effect.
    if (isOff) lines[row.line - 1] += '\n  no activate';
    for (const { line, selector, table } of row.removals) {
      if (selector.kind === 'name') change(line, { table, name: selector.name, parent: row.selector.name }, lastWord(table));
    }
  }
  return lines.filter((line) => line !== '').map((line) => `${line}\n`).join('');
}

// What is rendered holds no remarks, and a quote in it always closes.
function commandsOf(lines: readonly string[]): CliCommand[] {
  return lines.flatMap((source, index) => {
    const words = [...source.matchAll(/"([^"]*)"|[^\s"]\S*/g)].map((found) => ({ text: found[1] ?? found[0], quoted: found[1] !== undefined, uses: [] }));
    return words.length === 0 ? [] : [{ line: index + 1, words, indent: /^\s*/.exec(source)?.[0] ?? '' }];
  });
}
