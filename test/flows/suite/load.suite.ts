import { describe, expect, it } from 'vitest';

import { aRequest, create, documentedRequest, expectDeployed, oneOfEach, standing } from './customers.js';
import type { Stage } from './stage.js';

export function load(stage: Stage): void {
  describe('twenty creates at once on one SBC', () => {
    it('all succeed with one writer at a time, and share their saves', async () => {
      const mark = await stage.simulators.mark();
      const requests = Array.from({ length: 20 }, () => aRequest({ siteLocation: { ...documentedRequest.siteLocation, sbcId: 3 } }));
      const bodies = (await Promise.all(requests.map((request) => create(stage, request)))).map(expectDeployed);
      expect(new Set(bodies.map(({ id }) => id)).size).toBe(20);
      for (const { customerId, id } of bodies) expect(await standing(stage.simulators, customerId, id, 3)).toEqual(oneOfEach);
      const scripts = await stage.simulators.calls({ peer: 'sbc', id: 3, method: 'PUT', path: '/incremental' }, mark);
      const saves = await stage.simulators.calls({ peer: 'sbc', id: 3, method: 'POST', path: '/saveConfiguration' }, mark);
      expect([...scripts, ...saves].filter(({ overlap }) => overlap === true)).toEqual([]);
      expect(scripts).toHaveLength(20);
      expect(saves.length).toBeGreaterThan(0);
      expect(saves.length).toBeLessThan(scripts.length);
      const saved = new Set((await stage.simulators.savedRows(3, 'ip-group')).map(({ name }) => name));
      expect(requests.filter(({ shortName }) => !saved.has(shortName))).toEqual([]);
    });
  });
}
