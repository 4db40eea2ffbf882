import {
  checkRendered, checkTemplate, compareRows, deviceTable, isKnownTable, ownerMark, parseTemplate, readConfiguration, type RenderedScript, renderCommands,
  scriptText, type SeenRows, Wanted,
} from '@trunkline/scripts';

import type { Device } from './device.js';
import { deviceWith, runOn } from './device.testing.js';
import type { PrintProfile } from './print/print-style.js';
import { tableSchemas } from './schema/device-tables.js';
import type { ParameterSchema, TableSchema } from './schema/table-schema.js';
import type { Configuration, Row } from './tables.js';

/** Pseudo-random numbers: the same for the same seed. */
type Random = () => number;

interface Value {
  readonly parameter: string;
  /** Undefined for one that is taken back. */
  readonly value: string | undefined;
  readonly text: string;
  /** What the device has that was not given it, where the template says so. */
  readonly stated: string | undefined;
}

interface Made {
  readonly schema: TableSchema;
  readonly opening: string;
  readonly values: readonly Value[];
  readonly children: readonly Made[];
}

interface Change {
  readonly kind: string;
  readonly apply: (configuration: Configuration) => void;
}

/** What was tried, by kind of verdict. */
export type Counts = Map<string, number>;

const customerGuid = '9c84a505-33bf-507d-834d-2322436c49d0';
const given = { IpGroupName: 'Northwind7', OwnerMark: ownerMark(customerGuid), CustomerGuid: customerGuid };
const wholePath = ({ path, section }: TableSchema) => (section === 'voip' ? path : `${section}:${path}`);
const schemas = tableSchemas({}).filter((schema) => isKnownTable(wholePath(schema)));
const groups = schemas.filter(({ path }) => path === 'ip-group');
const others = schemas.filter(({ path }) => path !== 'ip-group');
const names: Readonly<Record<PrintProfile, Device>> = { A: deviceWith(5, { print: 'A' }), B: deviceWith(5, { print: 'B' }) };

/**
 * A script made from the seed is run on a device; its print must compare as complete in either way to print, and after any single change as incomplete.
 * Answers what is wrong.
 */
export function roundTrip(seed: number, changesPerPrint: number, counts: Counts): string[] {
  const random = randomFrom(seed);
  const rows = madeRows(random);
  const isShared = random() < 0.3;
  const template = written(rows, isShared, random);
  const problems = checkTemplate('onboarding', template, []);
  if (problems.length > 0) return [`${seed}: refused: ${JSON.stringify(problems)}\n${template}`];
  const parsed = parseTemplate(template);
  if (!parsed.ok) return [`${seed}: not parsed`];
  const commands = renderCommands(parsed.template, given);
  const script = checkRendered('onboarding', commands, customerGuid, {});
  if (script.problems.length > 0) return [`${seed}: refused as rendered: ${JSON.stringify(script.problems)}\n${template}`];
  note(counts, 'scripts');

  return (['A', 'B'] as const).flatMap((profile) => {
    const device = deviceWith(5, { print: profile });
    const { session } = runOn(device, scriptText(commands));
    session.end();
    const seen = look(device, script, random);
    note(counts, `prints ${profile}`);
    const wrong = isComplete(seen, rows.length + Number(isShared)) ? [] : [`${seed} ${profile}: not complete: ${JSON.stringify(seen)}\n${template}\n${device.print()}`];
    if (wrong.length === 0) note(counts, 'complete');
    const changes = changesOf(rows, isShared, profile);
    // Kinds first: there are many more parameters than rows.
    const kinds = [...new Set(changes.map(kindOf))];
    for (let at = 0; at < changesPerPrint; at += 1) {
      const kind = pick(random, kinds);
      const change = pick(random, changes.filter((each) => kindOf(each) === kind));
      const changed = deviceWith(5, { print: profile });
      runOn(changed, scriptText(commands)).session.end();
      change.apply(changed.running);
      note(counts, `changed prints ${profile}`);
      const after = look(changed, script, random);
      if (isComplete(after, rows.length + Number(isShared))) wrong.push(`${seed} ${profile}: complete in spite of: ${change.kind}\n${template}\n${changed.print()}`);
      else note(counts, `incomplete: ${kind}`);
    }
    return wrong;
  });
}

const kindOf = ({ kind }: Change) => kind.split(':')[0] ?? '';

function look(device: Device, { rows }: RenderedScript, random: Random): SeenRows {
  return compareRows(rows, readConfiguration(device.print(), random() < 0.2 ? 'all' : new Wanted(rows)), customerGuid, { unmarkedAreOurs: true });
}

function isComplete({ differences, differing, foreign, missing, ours, wanted }: SeenRows, rowCount: number): boolean {
  return ours === rowCount && wanted === rowCount && missing.length === 0 && differing.length === 0 && differences.length === 0 && foreign === undefined;
}

function madeRows(random: Random): Made[] {
  const tables = shuffled(random, [...shuffled(random, others).slice(0, Math.floor(random() * 4)), ...groups]);
  return tables.map((schema, at) => {
    const before = tables.slice(0, at).filter(({ section }) => section === schema.section || section === 'network').map(({ path }) => path);
    const nameValue: Value = { parameter: schema.nameParameter, value: given.IpGroupName, text: random() < 0.8 ? '"{{IpGroupName}}"' : '{{IpGroupName}}', stated: undefined };
    const mark: Value[] = schema.path === 'ip-group' ? [{ parameter: 'tags', value: `Own=${given.OwnerMark}`, text: random() < 0.5 ? '"Own={{OwnerMark}}"' : '"Owner={{CustomerGuid}};a=b"', stated: undefined }] : [];
    return {
      schema, opening: `${schema.path} new`, values: [nameValue, ...mark, ...madeValues(schema, random, [schema.nameParameter, ...mark.length > 0 ? ['tags'] : []], 6, before)],
      children: (schema.children ?? []).flatMap((child) => madeChildren(child, random)),
    };
  });
}

function madeChildren(schema: TableSchema, random: Random): Made[] {
  const isNumbered = random() < 0.5;
  return Array.from({ length: Math.floor(random() * 4) }, (_each, index) => {
    const name = schema.isNameRequired ? [valueOf(schema.nameParameter, schema.parameters[schema.nameParameter] ?? {}, schema, random)] : [];
    const values = [...name, ...madeValues(schema, random, schema.isNameRequired ? [schema.nameParameter] : [], 3)];
    return { schema, opening: `${schema.path} ${isNumbered ? index : 'new'}`, values, children: [] };
  });
}

function madeValues(schema: TableSchema, random: Random, taken: readonly string[], most: number, before: readonly string[] = []): Value[] {
  const names = shuffled(random, Object.keys(schema.parameters).filter((name) => !taken.includes(name))).slice(0, Math.floor(random() * most));
  return names.map((name): Value => {
    const parameter = schema.parameters[name] ?? {};
    const isToOwn = parameter.refersTo !== undefined && before.includes(parameter.refersTo) && random() < 0.7;
    return isToOwn ? { parameter: name, value: given.IpGroupName, text: '"{{IpGroupName}}"', stated: undefined } : valueOf(name, parameter, schema, random);
  });
}

function valueOf(parameter: string, schema: ParameterSchema, table: TableSchema, random: Random): Value {
  const initial = schema.initial ?? (schema.isText ? '' : undefined);
  const isTakenBack = random() < 0.1 && parameter !== table.nameParameter;
  const value = isTakenBack ? undefined : madeValue(parameter, schema, random);
  const text = value === undefined ? '' : schema.takesRest && random() < 0.5 && isFree(value) ? value : needsQuotes(value) || random() < 0.5 ? `"${value}"` : value;
  const shipped = deviceTable(tableOf(table)).defaults?.[parameter];
  const mustState = initial !== undefined && (value === undefined || value === initial) && (shipped !== initial || random() < 0.2);
  return { parameter, value, text, stated: mustState ? initial : undefined };
}

function tableOf(schema: TableSchema): string {
  const parent = schemas.find(({ children }) => children?.includes(schema));
  return parent ? `${wholePath(parent)} ${schema.path}` : wholePath(schema);
}

function madeValue(parameter: string, schema: ParameterSchema, random: Random): string {
  const { choices, initial, maxLength = 60, range, refersTo, wildcards = [] } = schema;
  if (choices) return pick(random, choices);
  if (range && random() < 0.2 && initial !== undefined) return initial;
  if (range) return String(range[0] + Math.floor(random() * Math.min(range[1] - range[0] + 1, 999_999_999)));
  if (refersTo !== undefined) return pick(random, [...names.A.running.table(refersTo)?.list().map((row) => names.A.running.table(refersTo)?.nameOf(row) ?? '') ?? [], ...wildcards].filter((name) => name !== '').concat(''));
  if (random() < 0.1) return initial ?? '';
  if (parameter === 'tags') return Array.from({ length: 1 + Math.floor(random() * 4) }, (_each, at) => `k${at}=${madeText(random, 8).replaceAll(/[;= ]/g, '')}`).join(';');
  return schema.isSecret || schema.isText ? madeText(random, maxLength) : madeText(random, maxLength).replaceAll(/[^A-Za-z0-9.]/g, 'w');
}

const characters = [...'abcdefghijklmnopqrstuvwxyzABCDEFXYZ0123456789.-_:@+*%()[]\'/ éß東'];

function madeText(random: Random, most: number): string {
  const length = 1 + Math.floor(random() * Math.min(most, 20));
  const text = Array.from({ length }, () => pick(random, characters)).join('').trim();
  return text === '' ? 'x' : text;
}

const isFree = (value: string) => !/ {2}|[?|"#]/.test(value) && value !== '' && value.trim() === value && value.split('\'').length % 2 === 1;
const needsQuotes = (value: string) => !/^[A-Za-z0-9_.:@+*-]+$/.test(value) || /^(?:new|insert|move|no|exit|activate|configure|end|obscured)$/i.test(value);

/** The template in a form that somebody could have chosen. */
function written(rows: readonly Made[], isShared: boolean, random: Random): string {
  const [isFlat, isOnTwoLines, isByParts, hasExits] = [random() < 0.4, random() < 0.4, random() < 0.4, random() < 0.7];
  const end = random() < 0.3 ? '\r\n' : '\n';
  const lines: string[] = [];
  const put = (depth: number, line: string) => lines.push(`${isFlat ? '' : ' '.repeat(depth)}${line}${random() < 0.1 ? ' # so' : ''}`);
  const putRow = (row: Made, depth: number): void => {
    const words = row.opening.split(' ');
    const hasMenus = isByParts && words.length > 2 && depth === 1;
    if (hasMenus) words.slice(0, -2).forEach((word) => put(depth, word));
    const statements = row.values.filter(({ stated }) => stated !== undefined).map(({ parameter, stated }) => `# trunkline: default ${parameter}=${stated ?? ''}`);
    lines.push(...statements);
    put(depth, hasMenus ? words.slice(-2).join(' ') : row.opening);
    for (const { parameter, text, value } of row.values) put(depth + 1, value === undefined ? `no ${parameter}` : `${parameter} ${text}`);
    if (!hasExits || random() < 0.8) put(depth + 1, 'activate');
    const mustExit = lines.at(-1)?.includes('activate') !== true || (row.children.length > 0 && depth === 1 && random() < 0.5);
    for (const child of row.children) putRow(child, depth + 1);
    if (hasExits || mustExit) put(depth, 'exit');
    if (hasMenus && hasExits) words.slice(0, -2).forEach(() => put(depth, 'exit'));
  };
  if (random() < 0.2) lines.push('enable');
  for (const section of ['network', 'voip']) {
    const inside = rows.filter(({ schema }) => schema.section === section);
    if (inside.length === 0) continue;
    if (isOnTwoLines) lines.push('configure', section);
    else lines.push(`configure ${section}`);
    for (const row of inside) putRow(row, 1);
    if (section === 'voip' && isShared) {
      put(1, 'sbc dial-plan "Tenants"');
      put(2, 'dial-plan-rule new');
      for (const line of ['name "{{IpGroupName}}"', 'prefix "+49301234[1000-1999]"', 'activate']) put(3, line);
      if (hasExits) put(2, 'exit');
      if (hasExits) put(1, 'exit');
    }
    if (hasExits) lines.push('exit', ...isOnTwoLines ? ['exit'] : []);
  }
  return `${random() < 0.2 ? '\uFEFF' : ''}${lines.join(end)}${end}`;
}

/** Each single thing by which the device could differ from the script. */
function changesOf(rows: readonly Made[], isShared: boolean, profile: PrintProfile): Change[] {
  const shared = (edit: (row: Row) => Row | undefined): Change['apply'] => (configuration) => {
    const table = configuration.table('sbc dial-plan');
    const parent = table?.named('Tenants');
    if (!table || !parent) throw new Error('the shared dial plan is gone');
    table.put({ ...parent, children: edited(parent.children, 'dial-plan-rule', ({ values }) => values.name === given.IpGroupName, edit) });
  };
  return [
    ...rows.flatMap((made) => rowChanges(made, profile)),
    ...isShared
      ? [
          { kind: 'shared child missing', apply: shared(() => undefined) },
          { kind: 'shared child inactive', apply: shared((row) => ({ ...row, notActivated: true })) },
          { kind: 'shared child renamed', apply: shared((row) => ({ ...row, values: { ...row.values, name: 'Northwind77' } })) },
          { kind: 'shared child changed: prefix', apply: shared((row) => ({ ...row, values: { ...row.values, prefix: '+4930' } })) },
        ]
      : [],
  ];
}

function rowChanges({ children, schema, values }: Made, profile: PrintProfile): Change[] {
  const change = (edit: (row: Row) => Row | undefined): Change['apply'] => (configuration) => {
    const table = configuration.table(schema.path);
    const row = table?.named(given.IpGroupName);
    if (!table || !row) throw new Error(`${schema.path} is gone`);
    const after = edit(row);
    if (after) table.put(after);
    else table.remove(row.index);
  };
  const inside = (path: string, at: number, edit: (row: Row) => Row | undefined) => change((row) => {
    const meant = row.children[path]?.[at];
    return { ...row, children: edited(row.children, path, (each) => each === meant, edit) };
  });
  return [
    { kind: `row missing: ${schema.path}`, apply: change(() => undefined) },
    { kind: `row inactive: ${schema.path}`, apply: change((row) => ({ ...row, notActivated: true })) },
    { kind: `row renamed: ${schema.path}`, apply: change((row) => ({ ...row, values: { ...row.values, [schema.nameParameter]: `${given.IpGroupName}7` } })) },
    ...valueChanges(schema, values.filter(({ parameter }) => parameter !== schema.nameParameter), profile, '', change),
    ...children.flatMap((child) => {
      const path = child.schema.path;
      const at = children.filter((each) => each.schema === child.schema).indexOf(child);
      return [
        { kind: `child missing: ${path}`, apply: inside(path, at, () => undefined) },
        { kind: `child inactive: ${path}`, apply: inside(path, at, (row) => ({ ...row, notActivated: true })) },
        ...valueChanges(child.schema, child.values, profile, 'child ', (edit) => inside(path, at, edit)),
      ];
    }),
  ];
}

function valueChanges(
  table: TableSchema, values: readonly Value[], profile: PrintProfile, of: string, change: (edit: (row: Row) => Row) => Change['apply'],
): Change[] {
  return values.flatMap(({ parameter, value }): Change[] => {
    const schema = table.parameters[parameter] ?? {};
    if (schema.isSecret) return [];
    const withValue = (other: string | undefined) => change((row) => {
      const kept = Object.fromEntries(Object.entries(row.values).filter(([name]) => name !== parameter));
      return { ...row, values: other === undefined ? kept : { ...kept, [parameter]: other } };
    });
    const initial = schema.initial ?? (schema.isText ? '' : undefined);
    const other = value !== undefined && /^-?\d+$/.test(value) ? String(Number(value) + 1) : `${value ?? ''}x`;
    // What is left out stands for what the device has by default.
    const isToldByDefault = value === initial || (value === '' && initial === undefined);
    return [
      { kind: `${of}parameter ${value === undefined ? 'not taken back' : 'changed'}: ${table.path} ${parameter}`, apply: withValue(other) },
      ...value !== undefined && !isToldByDefault && !(profile === 'B' && value === initial) ? [{ kind: `${of}parameter left out: ${table.path} ${parameter}`, apply: withValue(undefined) }] : [],
    ];
  });
}

function edited(children: Row['children'], path: string, isMeant: (row: Row) => boolean, edit: (row: Row) => Row | undefined): Row['children'] {
  return { ...children, [path]: (children[path] ?? []).flatMap((row) => (isMeant(row) ? edit(row) ?? [] : [row])) };
}

function note(counts: Counts, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}

function shuffled<T>(random: Random, from: readonly T[]): T[] {
  return from.map((each) => ({ each, at: random() })).sort((one, other) => one.at - other.at).map(({ each }) => each);
}

function randomFrom(seed: number): Random {
  let state = seed * 2_654_435_761 >>> 0;
  return () => {
    state = (state + 0x6D2B79F5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
