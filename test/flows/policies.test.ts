import { describe, expect, it } from 'vitest';

import { aRequest, create, createdBy, expectDeployed, nothing, standing } from './suite/customers.js';
import { taskFor } from './suite/reads.suite.js';
import { setStage } from './suite/stage.js';

describe('a step whose time is over', () => {
  const stage = setStage('standalone in process', { STEP_DEADLINE_MS: '3000' });

  it.each([
    ['the SBC can\'t be reached', { peer: 'sbc', kind: 'refuse' }, /^SBC unreachable/],
    ['the SBC stays busy', { peer: 'sbc', kind: 'status', match: { method: 'PUT' }, params: { status: 409 } }, /^SBC busy \(HA synchronization\)/],
    ['OVOC answers 500 to every create', { peer: 'ovoc', kind: 'status', match: { method: 'POST' }, params: { status: 500 } }, /^OVOC unreachable/],
  ] as const)('because %s ends the deployment: everything undone, the name free', async (_name, fault, reason) => {
    await stage.simulators.fault(fault);
    const request = aRequest();
    const answer = await create(stage, request);
    const body = createdBy(answer);
    expect(body, answer.text).toMatchObject({ deploymentState: 'Unknown', errorDetails: expect.stringMatching(reason) as string });
    expect(await standing(stage.simulators, request.shortName, body.id)).toEqual(nothing);
    expect((await stage.app.http.get('/api/v2/customer')).text).not.toContain(body.id);
    await stage.simulators.clearFaults();
    expectDeployed(await create(stage, request));
  });
});

describe('with ON_FAILURE=hold', () => {
  const stage = setStage('standalone in process', { ON_FAILURE: 'hold' });

  it('a failed deployment is answered and left as it is, for an operator', async () => {
    await stage.simulators.fault({ peer: 'ovoc', kind: 'status', match: { method: 'POST', pathContains: '/sites' }, params: { status: 400 } });
    const request = aRequest();
    const body = createdBy(await create(stage, request));
    expect(body).toMatchObject({ deploymentState: 'Unknown', errorDetails: expect.stringMatching(/^OVOC rejected/) as string });
    expect(await standing(stage.simulators, request.shortName, body.id)).toMatchObject({ ipGroups: 1, routes: 1 });
    expect((await stage.app.http.get('/api/v2/customer')).text).toContain(body.id);
    expect((await stage.app.http.get(await taskFor(stage, body.id))).json).toMatchObject({ status: 'InProgress', details: [body.errorDetails] });
    expect((await create(stage, request)).status).toBe(409);
  });
});
