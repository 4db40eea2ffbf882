import { serviceNames } from '@trunkline/contracts';
import { checkoutDir, eventually, ServerControl } from '@trunkline/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type OwnServices, startOwnServices } from '../../scripts/lib/own-services.mjs';
import { aRequest, create, expectDeployed, oneOfEach, standing } from './suite/customers.js';
import { setStage } from './suite/stage.js';

/** A dead queue is left alone for half a minute, and a broker starts in seconds, on a busy machine in many. */
const comesBackWithinMs = 120_000;

describe('a broker that is killed', () => {
  // Of its own: the broker of the run is in use by the flows beside this one.
  let services: OwnServices | undefined;
  beforeAll(async () => {
    services = await startOwnServices({ name: 'broker-killed', root: checkoutDir });
    Object.assign(process.env, services?.environment);
  });
  afterAll(() => services?.stop());

  const stage = setStage('standalone on RabbitMQ');

  it('just after a queue was declared leaves it unreadable, and the next customer is deployed', async () => {
    const servers = await ServerControl.open();
    if (!services || !servers || !stage.app.broker) throw new Error('there is no broker to kill');
    for (const queue of serviceNames) await stage.app.broker.deleteQueue(queue);
    await stage.app.broker.declared('ovoc-sync');
    await servers.do('broker kill');
    await servers.do('broker start');
    await eventually('the services to have their queues back', async () => (await stage.app.http.get('/health/ready')).status === 200, comesBackWithinMs);
    const request = aRequest();
    const { id } = expectDeployed(await create(stage, request));
    expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
  }, 2 * comesBackWithinMs);
});
