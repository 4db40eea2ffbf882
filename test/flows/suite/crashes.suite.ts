import { randomUUID } from 'node:crypto';

import type { CallFilter, ServiceName } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aRequest, create, documentedRequest, expectDeployed, fullProgress, nothing, oneOfEach, standing } from './customers.js';
import type { Stage } from './stage.js';

interface Crash {
  readonly service: ServiceName;
  readonly moment: 'before' | 'after';
  readonly call: CallFilter;
  readonly what: string;
}

const script: CallFilter = { peer: 'sbc', method: 'PUT', path: '/incremental' };
const save: CallFilter = { peer: 'sbc', method: 'POST', path: '/saveConfiguration' };
const ovoc = (resource: string): CallFilter => ({ peer: 'ovoc', method: 'POST', path: `/topology/${resource}` });

const crashes: readonly Crash[] = [
  { service: 'sbc-agent', moment: 'before', call: script, what: 'the SBC has the script and has not run it' },
  { service: 'sbc-agent', moment: 'after', call: script, what: 'the SBC has run the script and has not answered' },
  { service: 'sbc-agent', moment: 'before', call: save, what: 'the SBC has not saved yet' },
  { service: 'ovoc-sync', moment: 'before', call: ovoc('sites'), what: 'OVOC has not created the site yet' },
  { service: 'ovoc-sync', moment: 'after', call: ovoc('services'), what: 'OVOC has created the service and has not answered' },
  { service: 'provisioner', moment: 'before', call: { peer: 'microsoft' }, what: 'Microsoft has not answered yet' },
  { service: 'provisioner', moment: 'after', call: script, what: 'the SBC has run the script and has not answered' },
  { service: 'gateway', moment: 'before', call: script, what: 'the SBC has not run the script yet' },
  { service: 'gateway', moment: 'after', call: ovoc('links'), what: 'OVOC has created the link and has not answered' },
];

export function killedServices(stage: Stage): void {
  const sbcIds = [3, 4, 5] as const;
  let turn = 0;
  // In the standalone one process does it all: the death of each part is the death of the whole, met at the same calls.
  const isStandalone = stage.mode !== 'one process per service on RabbitMQ';
  const seen = new Set<string>();
  const own = crashes.filter(({ call, moment, service }) => {
    const key = JSON.stringify(isStandalone ? [call, moment] : [call, moment, service]);
    return !seen.has(key) && seen.add(key);
  });

  describe('kill -9 in mid-flow', () => {
    it.each(own.map((crash) => [crash.service, crash.what, crash] as const))('of the %s while %s: after a restart, deployed with one of each', async (_service, _what, { call, moment, service }) => {
      // An SBC in turn: one that a killed agent may still be writing to is left alone for a while.
      const sbcId = sbcIds[turn++ % sbcIds.length] ?? 5;
      const request = aRequest({ msTenantId: await stage.simulators.addTenant(), siteLocation: { ...documentedRequest.siteLocation, sbcId } });
      const headers = { 'Idempotency-Key': randomUUID() };
      const since = await stage.simulators.mark();
      await stage.simulators.fault({
        peer: call.peer, kind: `hold-${moment}`, times: 1,
        match: { ...(call.method === undefined ? {} : { method: call.method }), ...(call.path === undefined ? {} : { pathContains: call.path }) },
      });
      // The gateway's own death breaks the caller's connection.
      const pending = create(stage, request, headers).catch(() => undefined);
      const held = await stage.simulators.waitForCall(call, { since });
      expect(held.appliedAt === undefined).toBe(moment === 'before');

      await stage.app.kill(service);
      // A peer finishes what it was sent, whether or not somebody still listens.
      await stage.simulators.release();
      await stage.app.restart(service);

      const answer = await pending ?? await create(stage, request, headers);
      const { id, progressDetails } = expectDeployed(answer);
      expect(progressDetails).toBe(fullProgress(request.shortName));
      expect(await standing(stage.simulators, request.shortName, id, sbcId)).toEqual(oneOfEach);
      const scripts = await stage.simulators.calls(script, since);
      expect(scripts.filter(({ scriptRows = [] }) => scriptRows.some(({ name }) => name === request.shortName))).toHaveLength(1);
      expect(scripts.some(({ overlap }) => overlap === true)).toBe(false);
      expect((await stage.simulators.savedRows(sbcId, 'ip-group')).filter(({ name }) => name === request.shortName)).toHaveLength(1);
    }, 90_000);

    const removals = [
      ['sbc-agent', 'the SBC has run the cleanup script and has not answered', 'after', script],
      ['ovoc-sync', 'OVOC has not removed the link yet', 'before', { peer: 'ovoc', method: 'DELETE' }],
      ['provisioner', 'the SBC has not run the cleanup script yet', 'before', script],
    ] as const;
    it.each(removals.filter(([service]) => !isStandalone || service !== 'provisioner'))('of the %s while %s: after a restart, the customer is removed', async (service, _what, moment, call) => {
      const sbcId = sbcIds[turn++ % sbcIds.length] ?? 5;
      const request = aRequest({ siteLocation: { ...documentedRequest.siteLocation, sbcId } });
      const { id } = expectDeployed(await create(stage, request));
      const since = await stage.simulators.mark();
      await stage.simulators.fault({ peer: call.peer, kind: `hold-${moment}`, times: 1, match: { method: call.method ?? '' } });
      const remove = () => stage.app.http.delete(`/api/v2/customer/${id}`);
      const pending = remove().catch(() => undefined);
      await stage.simulators.waitForCall(call, { since });
      await stage.app.kill(service);
      await stage.simulators.release();
      await stage.app.restart(service);
      const answer = await pending ?? await remove();
      // Whoever asks again may find that it is already done.
      expect([[200, 1], [404, `Customer with ${id} not found`]]).toContainEqual([answer.status, answer.json]);
      expect(await standing(stage.simulators, request.shortName, id, sbcId)).toEqual(nothing);
      expect((await stage.simulators.savedRows(sbcId, 'ip-group')).some(({ name }) => name === request.shortName)).toBe(false);
    }, 90_000);
  });
}
