import { eventually } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { aRequest, create, expectDeployed, oneOfEach, standing } from './customers.js';
import type { Stage } from './stage.js';

/** What becomes of requests while the provisioner's database is out of reach, or the database of all takes no writes. */
export function database(stage: Stage): void {
  // In the standalone the other services say the same of their own sessions, and may do so before.
  const noticed = (reason: string): Promise<unknown> => eventually('the gateway to know', async () => (await stage.app.http.get('/health/ready')).text.includes(`provisioner: ${reason}`));

  describe.each([
    ['can\'t be reached by the provisioner', 'PostgreSQL does not answer', () => Promise.resolve(stage.app.databaseLink.refuse()), () => Promise.resolve(stage.app.databaseLink.allow())],
    ['takes no writes', 'PostgreSQL takes no writes', () => stage.app.takeNoWrites(), () => stage.app.takeWrites()],
  ])('the database %s', (_name, reason, goAway, comeBack) => {
    it('when a request comes: 503 at the gateway, and nothing has happened', async () => {
      const { app } = stage;
      await goAway();
      await noticed(reason);
      const request = aRequest();
      const refused = await create(stage, request);
      await comeBack();
      await app.ready();
      expect([refused.status, Number(refused.headers['retry-after']) > 0, refused.json]).toMatchObject([503, true, { errorCode: 'SERVICE_UNAVAILABLE' }]);
      expect(await app.rows('SELECT 1 FROM provisioner.deployment WHERE short_name = $1', [request.shortName])).toEqual([]);
      expectDeployed(await create(stage, request));
    });

    it('in mid-flow: the deployment succeeds when it is back', async () => {
      const { app, simulators } = stage;
      const request = aRequest();
      await simulators.fault({ peer: 'ovoc', kind: 'hold-before', match: { method: 'POST', pathContains: '/links' }, times: 1 });
      const pending = create(stage, request);
      await simulators.waitForCall({ peer: 'ovoc', method: 'POST', path: '/links' });
      await goAway();
      await simulators.release();
      await noticed(reason);
      await comeBack();
      const { id } = expectDeployed(await pending);
      expect(await standing(simulators, request.shortName, id)).toEqual(oneOfEach);
      await app.ready();
    });
  });
}
