import { Resolver } from 'node:dns/promises';

import { afterAll, describe, expect, it } from 'vitest';

import { DnsServer } from '../../apps/dns-agent/src/dns/dns-server.testing.js';
import { aRequest, create, createdBy, documentedRequest, expectDeployed, nothing, oneOfEach, standing } from './suite/customers.js';
import { setStage } from './suite/stage.js';

const zone = 'voice.example.net';
const dns = new DnsServer();
const address = await dns.start();
const settings = { DNS_SERVER: address, DNS_ZONE: zone, DNS_RESPONSE_TIMEOUT_MS: '500' };
const resolver = new Resolver();
resolver.setServers([address.replace('dns://', '')]);
afterAll(() => dns.stop());

const hostOf = (shortName: string): string => `${shortName.toLowerCase()}.${zone}`;
const namesOf = (shortName: string): readonly string[] => dns.namesOf(zone).filter((name) => name.endsWith(hostOf(shortName)));
const registered = (shortName: string): readonly string[] => [`_owner.${hostOf(shortName)}`, hostOf(shortName)];
const progressOf = (name: string): string => [
  '(Information, MsTenantid is valid)', '(Information, Customer data created!)', `(Information, SBC sbc-onboarding done for site ${name}.)`,
  `(Information, Host name ${hostOf(name)} registered)`, '(Information, Site created in Ovoc)',
].join(';');

describe.each(['standalone in process', 'one process per service on RabbitMQ'] as const)('a step between two others, %s', (mode) => {
  const stage = setStage(mode, settings);

  it('is part of the documented example, between the SBC and OVOC, and of its removal', async () => {
    const body = expectDeployed(await create(stage, documentedRequest));
    expect(body.progressDetails).toBe(progressOf('BradSB1E1'));
    expect(await resolver.resolveCname(hostOf('BradSB1E1'))).toEqual(['sbc5.example.net']);
    expect(await resolver.resolveTxt(`_owner.${hostOf('BradSB1E1')}`)).toEqual([[body.id]]);
    expect(await standing(stage.simulators, 'BradSB1E1', body.id)).toEqual(oneOfEach);

    expect((await stage.app.http.delete(`/api/v2/customer/${body.id}`)).status).toBe(200);
    expect(namesOf('BradSB1E1')).toEqual([]);
    expect(await standing(stage.simulators, 'BradSB1E1', body.id)).toEqual(nothing);
  });

  it('is undone when the step after it fails for good', async () => {
    await stage.simulators.fault({ peer: 'ovoc', kind: 'status', match: { method: 'POST', pathContains: '/topology/sites' }, params: { status: 403 } });
    const request = aRequest();
    const { deploymentState, id, progressDetails } = createdBy(await create(stage, request));
    expect([deploymentState, namesOf(request.shortName)]).toEqual(['Unknown', []]);
    expect(progressDetails).toContain(`Host name ${hostOf(request.shortName)} registered`);
    expect(await standing(stage.simulators, request.shortName, id)).toEqual(nothing);
  });

  it('undoes the step before it when it fails for good', async () => {
    const request = aRequest();
    dns.failNext = 5;
    const { deploymentState, errorDetails, id } = createdBy(await create(stage, request));
    expect([deploymentState, errorDetails, namesOf(request.shortName)]).toEqual(['Unknown', 'The DNS server refused with code 5', []]);
    expect(await standing(stage.simulators, request.shortName, id)).toEqual(nothing);
  });
});

describe('kill -9 of the dns-agent', () => {
  const stage = setStage('one process per service on RabbitMQ', settings);

  it.each(['before-update', 'after-update'] as const)('at the point %s: after a restart, deployed, and registered once', async (point) => {
    const updates = dns.updates;
    await stage.app.restartWith('dns-agent', { TRUNKLINE_FAULT_POINT: `dns-agent.${point}` });
    const request = aRequest();
    const pending = create(stage, request);
    expect(await stage.app.processOf('dns-agent').ended).toMatchObject({ signal: 'SIGKILL' });
    await stage.app.restartWith('dns-agent', { TRUNKLINE_FAULT_POINT: '' });
    const { id, progressDetails } = expectDeployed(await pending);
    expect(progressDetails).toBe(progressOf(request.shortName));
    expect([namesOf(request.shortName), dns.updates - updates]).toEqual([registered(request.shortName), 1]);
    expect(await standing(stage.simulators, request.shortName, id)).toEqual(oneOfEach);
  });

  it('in its cleanup: after a restart, nothing is left', async () => {
    await stage.app.restartWith('dns-agent', { TRUNKLINE_FAULT_POINT: 'dns-agent.in-cleanup' });
    const request = aRequest();
    const { id } = expectDeployed(await create(stage, request));
    const removing = stage.app.http.delete(`/api/v2/customer/${id}`);
    expect(await stage.app.processOf('dns-agent').ended).toMatchObject({ signal: 'SIGKILL' });
    await stage.app.restartWith('dns-agent', { TRUNKLINE_FAULT_POINT: '' });
    expect([(await removing).status, namesOf(request.shortName)]).toEqual([200, []]);
    expect(await standing(stage.simulators, request.shortName, id)).toEqual(nothing);
  });
});
