// Writes the configuration tables of the README and the device tables of docs/scripts.md from the built code: `node scripts/generate-readme.mjs` after a build.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { builtScripts } from './lib/built.mjs';
import { withDeviceTables } from './lib/table-docs.mjs';

const begin = '<!-- configuration:begin -->';
const end = '<!-- configuration:end -->';

/**
 * The tables as Markdown. `services` are `{name, settings}` in the order of their columns, `standalone` is a list of settings; a setting is
 * `{name, description, default, isSecret}`, without a default where it must be given or is empty, which `isRequired` tells apart.
 */
export function configurationTables(services, standalone) {
  const all = new Map(services.flatMap(({ settings }) => settings.map((setting) => [setting.name, setting])));
  const names = [...all.keys()].sort();
  const reads = (service, name) => service.settings.some((setting) => setting.name === name);
  const own = standalone.filter(({ description, name }) => all.get(name)?.description !== description).sort((a, b) => (a.name < b.name ? -1 : 1));
  const absent = names.filter((name) => !standalone.some((setting) => setting.name === name));
  return [
    ...table(['variable', 'meaning', 'default', ...services.map(({ name }) => name)],
      names.map((name) => [...cellsOf(all.get(name)), ...services.map((service) => (reads(service, name) ? 'x' : ''))])),
    '',
    `The standalone reads all of these${absent.length > 0 ? ` but ${absent.map((name) => `\`${name}\``).join(', ')}` : ''}. Different there:`,
    '',
    ...table(['variable', 'meaning', 'default'], own.map(cellsOf)),
  ].join('\n');
}

/** The text with the part between the markers replaced. */
export function withTables(text, tables) {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the README has no ${begin} before ${end}`);
  return `${text.slice(0, from + begin.length)}\n${tables}\n${text.slice(to)}`;
}

function cellsOf({ default: byDefault, description, isRequired, isSecret, name }) {
  const meaning = isSecret ? `${description} (secret)` : description;
  return [`\`${name}\``, meaning, byDefault === undefined ? (isRequired ? '**required**' : 'empty') : `\`${byDefault}\``];
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

async function settingsOf(load, app) {
  const { describeSettings } = await load('libs/runtime/src/index.js');
  const module = await load(`apps/${app}/src/${app}.config.js`);
  const [specs, secrets] = [/Settings$/, /Secrets$/].map((pattern) => module[Object.keys(module).find((name) => pattern.test(name)) ?? '']);
  return describeSettings(specs, secrets).map((setting) => ({ ...setting, isRequired: !('default' in specs[setting.name]) }));
}

/** Reads the settings of all services by `load`, which imports a module by its path. */
export async function readTables(load) {
  const { serviceNames } = await load('libs/contracts/src/process/services.js');
  const services = await Promise.all(['gateway', ...serviceNames].map(async (name) => ({ name, settings: await settingsOf(load, name) })));
  return configurationTables(services, await settingsOf(load, 'standalone'));
}

if (process.argv[1] === import.meta.filename) {
  const root = resolve(import.meta.dirname, '..');
  const file = resolve(root, 'README.md');
  const tables = await readTables((path) => import(pathToFileURL(resolve(root, 'dist', path)).href));
  writeFileSync(file, withTables(readFileSync(file, 'utf8'), tables));
  const scripts = resolve(root, 'docs/scripts.md');
  writeFileSync(scripts, withDeviceTables(readFileSync(scripts, 'utf8'), await builtScripts()));
}
