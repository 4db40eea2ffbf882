import type { ChildRow, ScriptRow } from '@trunkline/scripts';
import type { DeviceRow, DeviceTables, RowEdit, Simulators } from '@trunkline/testing';

/** Where one row of a script stands on a device. */
export interface Place {
  readonly table: string;
  readonly row: DeviceRow;
  /** The row inside it that is meant. */
  readonly child?: { readonly word: string; readonly row: DeviceRow };
  readonly wanted: Pick<ScriptRow, 'parameters' | 'cleared'> & { readonly nameParameter?: string };
}

/** Something that somebody does to a device by hand, and takes back again. */
export interface HandChange {
  readonly what: string;
  readonly apply: () => Promise<void>;
  readonly takeBack: () => Promise<void>;
}

const lastWord = (table: string): string => table.slice(table.lastIndexOf(' ') + 1);
const memberNames = ['index', 'children', 'notActivated'];

/** The values of a row, without what is no parameter. */
export function valuesOf(row: DeviceRow): Record<string, string> {
  return Object.fromEntries(Object.entries(row).filter((entry): entry is [string, string] => !memberNames.includes(entry[0]) && typeof entry[1] === 'string'));
}

/** Where the rows of a script stand, those inside them too; a row that is not there is left out. */
export function placesOf(rows: readonly ScriptRow[], tables: DeviceTables): Place[] {
  return rows.flatMap((wanted): Place[] => {
    const { children, name, nameParameter, parent, table } = wanted;
    if (parent !== undefined) {
      const word = lastWord(table);
      const parentTable = table.slice(0, -word.length - 1);
      const row = tables[parentTable]?.find((each) => each.name === parent);
      const own = row?.children?.[word]?.find((each) => each[nameParameter] === name);
      return row && own ? [{ table: parentTable, row, child: { word, row: own }, wanted }] : [];
    }
    const row = tables[table]?.find((each) => each[nameParameter] === name);
    return row ? [{ table, row, wanted }, ...childPlaces(table, row, children)] : [];
  });
}

function childPlaces(table: string, row: DeviceRow, children: readonly ChildRow[]): Place[] {
  const taken = new Map<string, number>();
  return children.flatMap((wanted): Place[] => {
    const word = lastWord(wanted.table);
    const at = taken.get(word) ?? 0;
    taken.set(word, at + 1);
    const own = row.children?.[word]?.[at];
    return own ? [{ table, row, child: { word, row: own }, wanted }] : [];
  });
}

// What a device has in some table by which another reference can be meant.
const otherNames = ['Teams-OC', 'SIPTrunk', 'Teams', 'Trunk', 'DefaultRealm', '10 sessions', '50 sessions', 'AudioCodersGroups_0'];

/** All that is done by hand to these rows: each parameter another value, each row switched off or taken away, one more inside where there are some. */
export function handChanges(simulators: Simulators, sbcId: number, places: readonly Place[], secrets: readonly string[]): HandChange[] {
  return places.flatMap((place) => {
    const { child, row, table, wanted } = place;
    const at = child ? `${table} ${row.index}, ${child.word} ${child.row.index}` : `${table} ${row.index}`;
    const own = child?.row ?? row;
    const edit = (change: RowEdit | null) => (
      simulators.editRow(sbcId, table, row.index, child ? { children: { [child.word]: { [child.row.index]: change } } } : change ?? {}));
    const names = Object.keys(wanted.parameters).filter((name) => !secrets.includes(name) && own[name] !== 'DefaultSRD');
    const cleared = wanted.cleared ?? [];
    return [
      ...[...names, ...cleared].map((name): HandChange => ({
        what: `${at}: ${name} has another value`,
        apply: () => setAnother(edit, name, own[name] as string | undefined),
        takeBack: () => edit({ values: { [name]: (own[name] as string | undefined) ?? null } }),
      })),
      { what: `${at} is switched off`, apply: () => edit({ notActivated: true }), takeBack: () => edit({ notActivated: false }) },
      child
        ? { what: `${at} is gone`, apply: () => edit(null), takeBack: () => edit({ values: valuesOf(own) }) }
        : {
            what: `${at} is gone`, apply: () => simulators.forgetRow(sbcId, table, own[wanted.nameParameter ?? 'name'] as string),
            takeBack: () => plantAgain(simulators, sbcId, table, row),
          },
      ...child && wanted.nameParameter === undefined ? [oneMore(simulators, sbcId, place)] : [],
    ];
  });
}

function oneMore(simulators: Simulators, sbcId: number, { child, row, table }: Place): HandChange {
  const [word, values] = [child?.word ?? '', valuesOf(child?.row ?? row)];
  const edit = (change: RowEdit | null) => simulators.editRow(sbcId, table, row.index, { children: { [word]: { 9: change } } });
  return { what: `${table} ${row.index} has one ${word} more`, apply: () => edit({ values }), takeBack: () => edit(null) };
}

function plantAgain(simulators: Simulators, sbcId: number, table: string, row: DeviceRow): Promise<void> {
  const children = Object.fromEntries(Object.entries(row.children ?? {}).map(([word, rows]) => (
    [word, rows.map((own) => ({ index: own.index, values: valuesOf(own) }))])));
  return simulators.plantRow(sbcId, table, valuesOf(row), { index: row.index, children });
}

/** Another value that the device takes, its default the last of all; none when it takes no other. */
async function setAnother(edit: (change: RowEdit) => Promise<void>, name: string, value = ''): Promise<void> {
  const isNumber = /^-?\d+$/.test(value);
  const candidates: (string | null)[] = isNumber
    ? [String(Number(value) + 1), String(Number(value) - 1)]
    : [`${value.slice(0, -1)}${value.endsWith('x') ? 'y' : 'x'}`];
  for (let at = 0; at < candidates.length; at += 1) {
    try {
      await edit({ values: { [name]: candidates[at] ?? null } });
      return;
    } catch (error) {
      const choices = /it is one of ([^"\\]+)/.exec(String(error))?.[1]?.split(', ').map((choice) => choice.trim()).reverse() ?? [];
      if (at === 0) candidates.push(...[...choices, ...otherNames].filter((other) => other !== value), null);
    }
  }
  throw new Error(`${name} can't be changed from ${value}`);
}
