import { InvalidFault, parseFaultRule } from '../faults/fault-rule.js';
import { emptyListForms } from '../ovoc/ovoc-peer.js';
import { resourceNames } from '../ovoc/resources.js';
import { fullView } from '../ovoc/views.js';
import { json } from '../peer/answer.js';
import { BadRequest, type ControlRequest, type ControlRoutes } from './control-server.js';
import { Fields, numberOf } from './fields.js';
import { sbcRoutes } from './sbc-routes.js';
import { tenantRoutes } from './tenant-routes.js';
import type { World } from './world.js';

/** Everything the control port offers. */
export function controlRoutes(world: World): ControlRoutes {
  const { faults, held, log, ovoc } = world;
  return {
    ...sbcRoutes(world),
    ...tenantRoutes(world),
    'POST /faults': async ({ body }) => {
      const id = faults.add(ruleOf(body));
      await world.settled();
      return json(201, { id });
    },
    'GET /faults': () => json(200, faults.list()),
    'DELETE /faults': async () => {
      faults.clear();
      await world.settled();
      return json(200, {});
    },
    'DELETE /faults/{id}': async ({ names: [id = ''] }) => {
      if (!faults.remove(id)) throw new BadRequest(`there is no fault ${id}`, 404);
      await world.settled();
      return json(200, {});
    },
    'POST /release': ({ body }) => {
      const fields = new Fields(body, ['id', 'seq']);
      const [ruleId, seq] = [fields.text('id'), fields.number('seq')];
      return json(200, { released: held.release({ ...ruleId !== undefined && { ruleId }, ...seq !== undefined && { seq } }) });
    },
    'GET /log': ({ query }) => json(200, entriesOf(world, query)),
    'DELETE /log': () => {
      log.clear();
      return json(200, {});
    },
    'GET /ovoc': () => json(200, Object.fromEntries(
      resourceNames.map((name) => [name, ovoc.topology.all(name).map((stored) => fullView(ovoc.topology, name, stored))]))),
    'POST /ovoc/forget': ({ body }) => json(200, { forgotten: ovoc.topology.forget(new Fields(body, ['description']).requiredText('description')) }),
    'POST /ovoc/settings': ({ body }) => {
      const fields = new Fields(body, ['emptyList', 'visibilityDelayMs']);
      ovoc.settings = {
        emptyList: fields.oneOf('emptyList', emptyListForms) ?? ovoc.settings.emptyList,
        visibilityDelayMs: fields.number('visibilityDelayMs') ?? ovoc.settings.visibilityDelayMs,
      };
      return json(200, ovoc.settings);
    },
    'POST /reset': async () => {
      faults.clear();
      held.drop();
      for (const { peer, comeBack } of world.sbcs.values()) {
        peer.device.reseed();
        comeBack();
      }
      ovoc.reseed();
      world.directory.reseed();
      log.clear();
      await world.settled();
      return json(200, {});
    },
  };
}

function ruleOf(body: unknown) {
  try {
    return parseFaultRule(body);
  } catch (error) {
    if (error instanceof InvalidFault) throw new BadRequest(error.message);
    throw error;
  }
}

function entriesOf({ log }: World, query: ControlRequest['query']) {
  const peer = query.get('peer');
  const [id, since] = [numberOf(query.get('id'), 'id'), numberOf(query.get('since'), 'since')];
  return log.entries({ ...peer !== null && { peer }, ...id !== undefined && { id }, ...since !== undefined && { since } });
}
