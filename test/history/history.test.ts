import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { decode, type DeploymentEventMessage, fold } from '@trunkline/contracts';
import { describe, expect, it } from 'vitest';

import { createCustomerAnswer, createOutcome } from '../../apps/gateway/src/customers/create-customer-answer.js';

const cases = join(import.meta.dirname, 'cases');
const read = (name: string, file: string): unknown => JSON.parse(readFileSync(join(cases, name, file), 'utf8'));

/** Event logs as released versions wrote them, with the answer they gave: every later build must give the same. */
describe.each(readdirSync(cases))('the recorded history %s', (name) => {
  const events = read(name, 'events.json') as DeploymentEventMessage[];

  it('is still understood, event by event', () => {
    expect(events.map((event) => decode(Buffer.from(JSON.stringify(event)))).filter((decoded) => !decoded.ok)).toEqual([]);
  });

  it('folds to the recorded deployment', () => {
    const { progress: _progress, ...deployment } = fold(events)!;
    expect(deployment).toEqual(read(name, 'deployment.json'));
  });
});

describe.each(readdirSync(cases).filter((name) => existsSync(join(cases, name, 'answer.json'))))('the create recorded as %s', (name) => {
  it('gives the recorded answer', () => {
    const deployment = fold(read(name, 'events.json') as DeploymentEventMessage[])!;
    const { customerGuid, progress, shortName, siteGuid } = deployment;
    expect(createCustomerAnswer({ customerGuid, shortName, siteGuids: [siteGuid], ...createOutcome(deployment), progress })).toEqual(read(name, 'answer.json'));
  });
});
