import { createHash } from 'node:crypto';
import type { Chance } from '../peer/chance.js';
import type { TableSchema } from './table-schema.js';
import type { Configuration, Row } from './tables.js';

interface Style {
  readonly lineEnd: string;
  readonly indent: string;
  readonly quotesAll: boolean;
  readonly hasComments: boolean;
  readonly defaultsShown: number;
  readonly childrenFirst: boolean;
}

/** What only an eye would miss: sections of which this device has nothing but the text. */
const otherSections: readonly (readonly string[])[] = [
  ['configure system', ' ntp', '  primary-server "pool.ntp.example"', '  activate', ' exit', ' clock', '  utc-offset 3600', '  activate', ' exit', 'exit'],
  ['configure network', ' interface network-if 0', '  name "O+M+C"', '  prefix-length 24', '  gateway 192.0.2.1', '  activate', ' exit', ' tls 0', '  name default', '  activate', ' exit', 'exit'],
  ['configure troubleshoot', ' syslog', '  debug-level no-debug', '  activate', ' exit', 'exit'],
];
const otherVoipBlocks: readonly (readonly string[])[] = [
  [' media-security', '  media-security-enable enable', '  activate', ' exit'],
  [' coders-and-profiles audio-coders-groups 0', '  name "AudioCodersGroups_0"', '  activate', '  audio-coders 0', '   name g711-alaw', '   activate', '  exit', ' exit'],
];

/** The configuration as the device prints it. Nothing about its form can be relied on: chance decides quoting, order, indentation and line ends. */
export function printConfiguration(configuration: Configuration, chance: Chance): string {
  const style: Style = {
    lineEnd: chance.pick(['\n', '\r\n']),
    indent: chance.pick([' ', '  ', '', '\t', '    ']),
    quotesAll: chance.happens(0.5),
    hasComments: chance.happens(0.5),
    defaultsShown: chance.pick([0, 0.2, 1]),
    childrenFirst: chance.happens(0.5),
  };
  const voip = [
    'configure voip',
    ...chance.shuffle([...configuration.all.map((table) => printTable(table.schema, table.list(), style, chance)), ...otherVoipBlocks]).flat(),
    'exit',
  ];
  const sections = chance.shuffle([voip, ...otherSections]);
  const lines = sections.flatMap((section) => [...style.hasComments ? [`## ${section[0]?.replace('configure ', '') ?? ''} configuration`] : [], ...section, '']);
  return [...style.hasComments ? ['# Running Configuration', ''] : [], ...lines].map((line) => reindent(line, style)).join(style.lineEnd);
}

function printTable(schema: TableSchema, rows: readonly Row[], style: Style, chance: Chance): string[] {
  return chance.shuffle(rows).flatMap((row) => printRow(schema, row, ' ', style, chance));
}

function printRow(schema: TableSchema, row: Row, margin: string, style: Style, chance: Chance): string[] {
  const unset = Object.entries(schema.parameters).flatMap(([name, { initial }]) =>
    initial !== undefined && row.values[name] === undefined && chance.happens(style.defaultsShown) ? [[name, initial] as const] : []);
  const parameters = chance.shuffle([...Object.entries(row.values), ...unset])
    .map(([name, value]) => `${margin} ${name} ${printValue(schema.parameters[name]?.isSecret ? obscured(value) : value, style)}`);
  const children = (schema.children ?? []).flatMap((child) =>
    chance.shuffle(row.children[child.path] ?? []).flatMap((childRow) => printRow(child, childRow, `${margin} `, style, chance)));
  const activate = [`${margin} activate`];
  return [`${margin}${schema.path} ${row.index}`, ...parameters, ...style.childrenFirst ? [...children, ...activate] : [...activate, ...children], `${margin}exit`];
}

function printValue(value: string, { quotesAll }: Style): string {
  return quotesAll || !/^[A-Za-z0-9_.:@+/=*-]+$/.test(value) ? `"${value}"` : value;
}

function obscured(value: string): string {
  return `$1$${createHash('sha256').update(value).digest('base64').slice(0, 24)}`;
}

function reindent(line: string, { indent }: Style): string {
  const depth = line.length - line.trimStart().length;
  return indent.repeat(depth) + line.trimStart();
}
