import { json } from '../peer/answer.js';
import type { PlantedRow, RowEdit } from '../sbc/device.js';
import { printProfiles } from '../sbc/print/print-style.js';
import type { Configuration, Row } from '../sbc/tables.js';
import { CommandError } from '../sbc/words.js';
import { BadRequest, type ControlRoutes } from './control-server.js';
import { Fields, numberOf } from './fields.js';
import type { SbcStation, World } from './world.js';

/** What can be seen of and done to the SBCs. */
export function sbcRoutes({ sbcs, held, settled }: World): ControlRoutes {
  return {
    'GET /tables': ({ query }) => {
      const { device } = stationOf(sbcs, query.get('sbc')).peer;
      return json(200, {
        running: tablesOf(device.running), saved: tablesOf(device.saved), bootedAt: new Date(device.bootedAt).toISOString(), boot: device.boot,
      });
    },
    'POST /sbc/{id}/rows': ({ names: [id], body }) => {
      const fields = new Fields(body, ['table', 'values', 'children', 'index', 'notActivated']);
      const { device } = stationOf(sbcs, id).peer;
      return json(201, refusing(() => flat(device.plant(fields.requiredText('table'), plantedRow(fields)))));
    },
    'POST /sbc/{id}/edit': ({ names: [id], body }) => {
      const fields = new Fields(body, ['table', 'name', 'index', 'values', 'children', 'notActivated']);
      const { device } = stationOf(sbcs, id).peer;
      const selector = fields.number('index') ?? fields.requiredText('name');
      return json(200, refusing(() => flat(device.edit(fields.requiredText('table'), selector, rowEdit(fields)))));
    },
    'POST /sbc/{id}/forget': ({ names: [id], body }) => {
      const fields = new Fields(body, ['table', 'name']);
      const { device } = stationOf(sbcs, id).peer;
      return json(200, { forgotten: refusing(() => device.forget(fields.requiredText('table'), fields.requiredText('name'))) });
    },
    'POST /sbc/{id}/reset': async ({ names: [id], body }) => {
      const station = stationOf(sbcs, id);
      const { device } = station.peer;
      const ms = new Fields(body, ['ms']).number('ms') ?? device.settings.rebootTimeMs;
      // A restart forgets what it was sent and had not begun.
      held.drop((entry) => entry.peer === 'sbc' && entry.id === device.profile.id);
      device.restart();
      station.goAway(ms);
      await settled();
      return json(200, {});
    },
    'POST /sbc/{id}/settings': ({ names: [id], body }) => {
      const fields = new Fields(body, ['scriptTimeMs', 'rebootTimeMs', 'isStrict', 'operationalState', 'outputLineEnd', 'print', 'echoesRead', 'beforeRead', 'afterRead', 'hostName', 'childrenByName']);
      const { device } = stationOf(sbcs, id).peer;
      const before = device.settings;
      device.settings = {
        scriptTimeMs: fields.number('scriptTimeMs') ?? before.scriptTimeMs,
        rebootTimeMs: fields.number('rebootTimeMs') ?? before.rebootTimeMs,
        isStrict: fields.flag('isStrict') ?? before.isStrict,
        operationalState: fields.text('operationalState') ?? before.operationalState,
        outputLineEnd: fields.text('outputLineEnd') ?? before.outputLineEnd,
        print: fields.oneOf('print', printProfiles) ?? before.print,
        echoesRead: fields.flag('echoesRead') ?? before.echoesRead,
        beforeRead: fields.text('beforeRead') ?? before.beforeRead,
        afterRead: fields.text('afterRead') ?? before.afterRead,
        hostName: fields.text('hostName') ?? before.hostName,
        childrenByName: fields.list('childrenByName') ?? before.childrenByName,
      };
      return json(200, device.settings);
    },
  };
}

function stationOf(sbcs: World['sbcs'], id: string | null | undefined): SbcStation {
  const station = sbcs.get(numberOf(id, 'sbc') ?? -1);
  if (!station) throw new BadRequest(`there is no SBC ${id ?? ''}; there are ${[...sbcs.keys()].join(', ')}`, 404);
  return station;
}

function tablesOf(configuration: Configuration): Record<string, unknown[]> {
  return Object.fromEntries(configuration.all.map((table) => [table.schema.path, table.list().map(flat)]));
}

function flat({ index, values, children, notActivated }: Row): Record<string, unknown> {
  const rows = Object.entries(children).filter(([, childRows]) => childRows.length > 0).map(([path, childRows]) => [path, childRows.map(flat)] as const);
  return { index, ...values, ...notActivated && { notActivated }, ...rows.length > 0 && { children: Object.fromEntries(rows) } };
}

const editMembers = ['values', 'children', 'notActivated'];

function plantedRow(fields: Fields): PlantedRow {
  const [index, notActivated] = [fields.number('index'), fields.flag('notActivated')];
  return {
    values: fields.texts('values'), ...index !== undefined && { index }, ...notActivated !== undefined && { notActivated },
    children: mapped(fields.members('children'), (rows) => {
      if (!Array.isArray(rows)) throw new BadRequest('children must be lists of rows by path');
      return rows.map((row: unknown) => plantedRow(new Fields(row, ['index', ...editMembers])));
    }),
  };
}

function rowEdit(fields: Fields): RowEdit {
  const notActivated = fields.flag('notActivated');
  return {
    values: fields.textsOrNull('values'), ...notActivated !== undefined && { notActivated },
    children: mapped(fields.members('children'), (rows, path) => (
      mapped(new Fields({ [path]: rows }, [path]).members(path), (row) => (row === null ? null : rowEdit(new Fields(row, editMembers)))))),
  };
}

function mapped<T>(members: Readonly<Record<string, unknown>>, map: (value: unknown, name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, map(value, name)]));
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CommandError) throw new BadRequest(error.message);
    throw error;
  }
}
