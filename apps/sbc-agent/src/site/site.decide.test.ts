import {
  cleanupText, type Configuration, ownerMark, parseTemplate, readConfiguration, renderCommands, rowsOfScript, type ScriptRows, type SeenRows,
} from '@trunkline/scripts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { decideCleanup, decideOnboarding, decideReadBack, seeSite, stillThere, withoutSharedNames } from './site.decide.js';
import { type CleanupNote, noteOf } from './site-work.js';

const customerGuid = '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10';
const owner = { customerGuid, defaults: {} };
const mark = `Own=${ownerMark(customerGuid)}`;
const otherMark = `Own=${ownerMark('00000000-0000-4000-8000-000000000001')}`;
const commandsOf = (text: string) => {
  const parsed = parseTemplate(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return renderCommands(parsed.template, {});
};
const rowsOf = (text: string): ScriptRows => rowsOfScript(commandsOf(text));
const group = { table: 'ip-group', name: 'A' };
const route = { table: 'sbc routing ip2ip-routing', name: 'A-in' };
const overflow = { table: 'sbc routing ip2ip-routing', name: 'A-overflow' };
const conflict = { kind: 'refuse', code: 'IP_GROUP_CONFLICT' };

const cleanup = 'configure voip\n no sbc routing ip2ip-routing "A-overflow"\n no sbc routing ip2ip-routing "A-in"\n no ip-group "A"\nexit\n';
// The second route leads past the customer's own group: nothing on the device says whose it is.
const { rows } = rowsOf([
  'configure voip',
  'ip-group new', 'name "A"', 'type server', `tags "Trunk=t;${mark}"`, 'activate', 'exit',
  'sbc routing ip2ip-routing new', 'route-name "A-in"', 'src-ip-group-name "Teams-OC"', 'dst-ip-group-name "A"', 'activate', 'exit',
  'sbc routing ip2ip-routing new', 'route-name "A-overflow"', 'src-ip-group-name "Any"', 'dst-ip-group-name "Teams-OC"', 'activate', 'exit',
  'exit',
].join('\n'));
const noteWith = (script: string): CleanupNote => ({ cleanup: script, rows, removes: rowsOf(cleanup).removes, secrets: [] });
const note = noteWith(cleanup);

const device = (...printed: readonly string[][]): Configuration => readConfiguration(['configure voip', ...printed.flat(), 'exit'].join('\n'), 'all');
const printedGroup = (tags: string | undefined, ...more: string[]): string[] => ['ip-group 3', 'name A', ...(tags === undefined ? [] : [`tags "${tags}"`]), ...more, 'activate', 'exit'];
const ourGroup = printedGroup(`Trunk=t;${mark}`);
const foreignGroup = printedGroup(`Trunk=t;${otherMark}`);
const bareGroup = printedGroup(undefined);
const printedRoute = (to: string): string[] => ['sbc routing ip2ip-routing 4', 'route-name A-in', 'src-ip-group-name Teams-OC', `dst-ip-group-name ${to}`, 'activate', 'exit'];
const ourRoute = printedRoute('A');
const printedOverflow = (to: string): string[] => ['sbc routing ip2ip-routing 5', 'route-name A-overflow', 'src-ip-group-name Any', `dst-ip-group-name ${to}`, 'activate', 'exit'];
const bareOverflow = printedOverflow('Teams-OC');
const strangers = ['ip-group 9', 'name B', `tags "${otherMark}"`, 'activate', 'exit'];

const seen = (change: Partial<SeenRows>): SeenRows => ({ ours: 0, wanted: 3, missing: [], differing: [], differences: [], unverifiable: [], ...change });

describe('what is done with a site that is wanted', () => {
  it.each<[string, SeenRows, object]>([
    ['nothing when all its rows are there', seen({ ours: 3 }), { kind: 'done' }],
    ['never nothing when it has no rows', seen({ wanted: 0 }), { kind: 'write' }],
    ['a write when none is there', seen({ missing: [group, route, overflow] }), { kind: 'write' }],
    ['a cleaning first when some are there', seen({ ours: 1, missing: [route, overflow] }), { kind: 'clean-then-write' }],
    ['a cleaning first when one is there but different', seen({ ours: 2, differing: [route] }), { kind: 'clean-then-write' }],
    ['a cleaning first when all are there but different', seen({ differing: [group, route, overflow] }), { kind: 'clean-then-write' }],
    ['a refusal when a row of all is switched off, even if all of ours stand in it', seen({ ours: 3, switchedOff: group }), { kind: 'refuse', code: 'SBC_ROW_SWITCHED_OFF' }],
    ['a refusal when one is somebody else\'s', seen({ foreign: group, missing: [route, overflow] }), conflict],
    ['a refusal when one is somebody else\'s beside ours', seen({ ours: 2, foreign: route }), conflict],
    ['a refusal when one is somebody else\'s, even if all of ours seem there', seen({ ours: 3, foreign: group }), conflict],
  ])('is %s', (_name, what, verdict) => {
    expect(decideOnboarding(what)).toMatchObject(verdict);
  });

  it('is a refusal that names the row', () => {
    expect(decideOnboarding(seen({ foreign: route }))).toMatchObject({ reason: 'sbc routing ip2ip-routing "A-in" on the SBC belongs to somebody else' });
  });
});

describe('what is done with a site that is to leave', () => {
  it.each<[string, CleanupNote, Configuration, object]>([
    ['nothing when none of its rows is there', note, device(strangers), { kind: 'done' }],
    ['nothing when none is there, whatever the cleanup', noteWith(''), device(strangers), { kind: 'done' }],
    ['a write when all are there', note, device(ourGroup, ourRoute, bareOverflow), { kind: 'write' }],
    ['a write when one row without a mark is left', note, device(bareOverflow), { kind: 'write' }],
    ['a write when what is left differs', note, device(printedGroup(mark, 'type user')), { kind: 'write' }],
    ['a refusal when somebody else\'s group alone has the name', note, device(foreignGroup), conflict],
    ['a refusal when a group alone has lost its mark', note, device(bareGroup), conflict],
    ['a refusal when a group without mark stands beside our routes', note, device(bareGroup, ourRoute, bareOverflow), conflict],
    ['a refusal when a route of our name leads to another\'s group', note, device(ourGroup, printedRoute('B')), conflict],
    ['a refusal when a second route of our name is not as ours was set', note, device(ourGroup, bareOverflow, printedOverflow('B')), { ...conflict, reason: expect.stringMatching(/"A-overflow" is on the SBC 2 times, and not each time as it was set: .* Remove that one there/) as string }],
    ['a write when a late script has set a route again', note, device(ourGroup, bareOverflow, bareOverflow), { kind: 'write' }],
    ['a refusal when somebody else\'s is left and the cleanup is empty', noteWith(''), device(foreignGroup), conflict],
    ['a refusal when rows are left and the cleanup is blank', noteWith(' \n'), device(ourGroup), { kind: 'refuse', code: 'CLEANUP_EMPTY' }],
  ])('is %s', (_name, owed, configuration, verdict) => {
    expect(decideCleanup(owed, seeSite({ rows }, configuration, owner, true), stillThere(owed, configuration))).toMatchObject(verdict);
  });

  it('is never called done while a row is there, whatever was seen of it', () => {
    const looks: SeenRows[] = [
      seen({ ours: 3 }), seen({ foreign: group }), seen({ ours: 1, foreign: route }), seen({ differing: [group], foreign: route }),
      seen({ missing: [group, route, overflow] }),
    ];
    for (const look of looks) {
      const verdict = decideCleanup(note, look, [group]);
      expect(verdict).toMatchObject(look.foreign ? conflict : { kind: 'write' });
    }
  });
});

describe('a site as seen on its device', () => {
  it.each<[string, Configuration, { noted: Partial<SeenRows>; fresh: Partial<SeenRows> }]>([
    ['with nothing of it there', device(strangers), { noted: { missing: [group, route, overflow] }, fresh: { missing: [group, route, overflow] } }],
    ['with our mark and our route', device(ourGroup, ourRoute), { noted: { ours: 2, missing: [overflow] }, fresh: { ours: 2, missing: [overflow] } }],
    ['complete but for a route nobody marked', device(ourGroup, ourRoute, bareOverflow), { noted: { ours: 3 }, fresh: { ours: 2, foreign: overflow } }],
    ['with only a route nobody marked', device(bareOverflow), { noted: { ours: 1, missing: [group, route] }, fresh: { missing: [group, route], foreign: overflow } }],
    ['with an unmarked route that leads elsewhere', device(printedOverflow('B')), { noted: { missing: [group, route], differing: [overflow] }, fresh: { missing: [group, route], foreign: overflow } }],
    ['with a group nobody marked', device(bareGroup), { noted: { missing: [route, overflow], foreign: group }, fresh: { missing: [route, overflow], foreign: group } }],
    ['with a group somebody else marked', device(foreignGroup), { noted: { missing: [route, overflow], foreign: group }, fresh: { missing: [route, overflow], foreign: group } }],
    ['with our route into somebody else\'s group', device(foreignGroup, ourRoute), { noted: { missing: [overflow], foreign: group }, fresh: { missing: [overflow], foreign: group } }],
  ])('is judged by whether it was noted: %s', (_name, configuration, { fresh, noted }) => {
    expect(seeSite({ rows }, configuration, owner, true)).toMatchObject(noted);
    expect(seeSite({ rows }, configuration, owner, false)).toMatchObject(fresh);
    for (const [isNoted, expected] of [[true, noted], [false, fresh]] as const) {
      const { foreign, missing, ours } = seeSite({ rows }, configuration, owner, isNoted);
      expect({ foreign, missing, ours }).toEqual({ foreign: expected.foreign, missing: expected.missing ?? [], ours: expected.ours ?? 0 });
    }
  });
});

describe('a site read back', () => {
  const difference = (parameter: string, isValue = true) => ({
    ...group, key: `ip-group "A": ${parameter}`, text: `ip-group "A": ${parameter} is "user", "server" was set`, isValue,
  });
  const note = (parameter: string) => `SBC_ROWS_DIFFER: SBC does not show what was written: ${difference(parameter).text}`;
  const differs = seen({ ours: 2, differing: [group], differences: [difference('type')] });

  it.each<[string, SeenRows, boolean, string | undefined, object]>([
    ['done when every row is as it was set', seen({ ours: 3 }), true, undefined, { kind: 'done' }],
    ['to be looked at again when the row they stand in is switched off', seen({ ours: 3, switchedOff: group }), true, undefined, { kind: 'again', code: 'SBC_ROWS_MISSING' }],
    ['tried again when a row is missing', seen({ ours: 2, missing: [route] }), true, undefined, { kind: 'again', code: 'SBC_ROWS_MISSING' }],
    ['tried again when a row is missing, however often', seen({ ours: 2, missing: [route] }), true, note('type'), { kind: 'again', code: 'SBC_ROWS_MISSING' }],
    ['tried again when a row is not in effect', seen({ ours: 2, differing: [group], differences: [difference('x', false)] }), true, note('x'), { kind: 'again', code: 'SBC_ROWS_MISSING' }],
    ['tried again when a value differs for the first time', differs, true, undefined, { kind: 'again', code: 'SBC_ROWS_DIFFER' }],
    ['tried again when the device was away before', differs, true, 'SBC_UNREACHABLE: no route', { kind: 'again', code: 'SBC_ROWS_DIFFER' }],
    ['tried again when another value differed before', differs, true, note('tags'), { kind: 'again', code: 'SBC_ROWS_DIFFER' }],
    ['tried again when a longer name differed before', differs, true, note('type-of-it'), { kind: 'again', code: 'SBC_ROWS_DIFFER' }],
    ['given up when the same value differs again', differs, true, note('type'), { kind: 'never', code: 'SBC_ROWS_DIFFER' }],
    ['tried again when nothing was sent this time', differs, false, note('type'), { kind: 'again', code: 'SBC_ROWS_MISSING' }],
    ['tried again when a row is missing beside it', { ...differs, ours: 1, missing: [route] }, true, note('type'), { kind: 'again', code: 'SBC_ROWS_MISSING' }],
  ])('is %s', (_name, look, wasSent, lastNote, expected) => {
    expect(decideReadBack(look, wasSent, lastNote, [])).toMatchObject(expected);
  });

  it('names the row, the parameter, what was wanted and what was found', () => {
    expect(decideReadBack(differs, true, undefined, [])).toMatchObject({ reason: 'SBC does not show what was written: ip-group "A": type is "user", "server" was set' });
  });

  it.each(['user', 'server', 'type', 'A', 'is', 'ip', 'e', 'group "A": t', 'ip-group'])('is given up when the same value differs again, with %j kept secret', (secret) => {
    const first = decideReadBack(differs, true, undefined, [secret]);
    if (first.kind === 'done') throw new Error('it differs');
    expect(first.kind).toBe('again');
    expect(decideReadBack(differs, true, `${first.code}: ${first.reason}`, [secret]).kind).toBe('never');
  });

  it('shows no secret', () => {
    expect(decideReadBack(differs, true, undefined, ['user', 'A'])).toMatchObject({ reason: 'SBC does not show what was written: ip-group "*****": type is "*****", "server" was set' });
  });
});

function withMargins(lines: readonly string[]): string[] {
  let depth = 1;
  return lines.map((line) => {
    if (line === 'exit') depth -= 1;
    const printed = `${'  '.repeat(depth)}${line}\r`;
    if (/ \d+$/.test(line)) depth += 1;
    return printed;
  });
}

describe('a note of an earlier version', () => {
  const folder = join(import.meta.dirname, 'notes');
  const names = readdirSync(folder).map((file) => file.replace('.json', ''));
  const read = (name: string): CleanupNote => noteOf(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as CleanupNote);
  const noted = { customerGuid, defaults: {} };

  it.each(names.flatMap((name) => [[name, 'flat'], [name, 'with margins and CR LF']]))('is read: %s, printed %s', (name = '', form) => {
    const old = read(name);
    const printed = old.rows.flatMap(({ children, nameParameter, parameters, table }, index) => [
      `${table} ${index}`, ...Object.entries({ ...parameters, [nameParameter]: parameters[nameParameter] ?? '' }).map(([parameter, value]) => `${parameter} "${value}"`), 'activate',
      ...children.flatMap((child, at) => [
        `${child.table.split(' ').at(-1) ?? ''} ${at}`, ...Object.entries(child.parameters).map(([parameter, value]) => `${parameter} "${value}"`), 'activate', 'exit',
      ]),
      'exit',
    ]);
    const configuration = device(form === 'flat' ? printed : withMargins(printed));
    expect(stillThere(old, configuration)).toHaveLength(old.rows.length);
    expect(seeSite(old, configuration, noted, true)).toMatchObject({ ours: old.rows.length, missing: [], differing: [] });
    expect(decideCleanup(old, seeSite(old, configuration, noted, true), stillThere(old, configuration))).toEqual({ kind: 'write' });
    expect(cleanupText(old.cleanup, old, configuration)).toBe(old.cleanup);
    expect(stillThere(old, device(strangers))).toEqual([]);
  });
});

describe('noted rows that are still there', () => {
  it.each([
    ['none', device(strangers), []],
    ['ours', device(ourGroup, ourRoute), [group, route]],
    ['those nobody marked', device(bareGroup, bareOverflow), [group, overflow]],
    ['those of somebody else', device(foreignGroup), [group]],
    ['not those whose name only begins alike', device(['ip-group 3', 'name AB', 'activate', 'exit']), []],
  ])('are %s', (_name, configuration, expected) => {
    expect(stillThere(note, configuration)).toEqual(expected);
  });
});

describe('sites that share a reading', () => {
  const other = { table: 'ip-group', name: 'B' };
  it.each([
    ['all when no name is shared', [[group, route], [other]], [0, 1]],
    ['the first of two with one common row', [[group, route], [other, route]], [0]],
    ['the first of three alike', [[group], [group], [group]], [0]],
    ['also those that share only with one left out', [[group], [group, other], [other]], [0, 2]],
    ['those with the same name in different tables', [[group], [{ table: 'proxy-set', name: 'A' }]], [0, 1]],
    ['those whose names only differ in their case', [[group], [{ table: 'ip-group', name: 'a' }]], [0, 1]],
    ['those whose table and name only read alike when joined', [[{ table: 'sbc', name: 'routing A' }], [{ table: 'sbc routing', name: 'A' }]], [0, 1]],
    ['one that names a row twice', [[group, group]], [0]],
    ['one without rows', [[group], []], [0, 1]],
    ['none of none', [], []],
  ])('are %s', (_name, sites, expected) => {
    expect([...withoutSharedNames(sites)]).toEqual(expected);
  });
});
