import { describe, expect, it } from 'vitest';

import { check } from './check.js';
import { goodFacts, south, southLogs } from './facts.testing.js';
import { facts, finds, findsNothing, northRemoved, Scenario, type Harmless, type Planted } from './scenario.testing.js';

describe('the checker of what is left at rest', () => {
  it.each<Planted>([
    ['a row in an outbox', facts().with({ outboxes: { ovoc_sync: 1 } }), 'unexpected', /to be published/],
    ['an open job', facts().with({ openJobs: { ovoc_sync: 1 } }), 'unexpected', /job/],
    ['a message that waits', facts().with({ queues: { 'sbc-agent': 1 } }), 'unexpected', /queue/],
    ['a name that two customers hold', facts().with(({ customers }) => ({ customers: [...customers, { guid: 'x', shortName: 'north1', sbcId: 5, isClosed: false }] })), 'duplicated', /held once/],
    ['a name that one who failed still holds', facts().withCustomer('South1', { isClosed: false }), 'left behind', /name is free/],
    ['a name that one who was removed still holds', northRemoved(), 'left behind', /name is free/],
    ['a Deployed customer whose name is free', facts().withCustomer('North1', { isClosed: true }), 'lost', /holds its name/],
    ['a Deployed customer who has no row', facts().withoutCustomer('North1'), 'lost', /holds its name/],
    ['something the runner noticed', facts().with({ noticed: ['ended with 1'] }), 'unexpected', /strange/],
  ])('finds %s', finds);

  it.each<Harmless>([
    ['one who ended before anything was stored', facts().withoutCustomer('South1')],
  ])('finds nothing wrong with %s', findsNothing);

  it('finds nothing wrong where nothing is', () => {
    expect(check(goodFacts())).toEqual({ attempts: 4, accepted: 2, deployed: 1, failed: 1, removed: 0, rejected: 0, violations: [] });
  });

  it.each([
    ['was cancelled', southLogs.cancelled],
    ['was cancelled before the checks', [south.accepted(), south.completed('Cancelled', 2)]],
    ['was held and rolled back', southLogs.rolledBack],
    ['was abandoned', southLogs.abandoned],
    ['was refused', [south.accepted(), south.rejected(503, [])]],
  ])('finds a name that is taken for ever by one who %s', (_what, southLog) => {
    const namesOf = ({ violations }: Scenario) => violations.filter(({ rule }) => rule === 'a name is free once its customer is gone');
    const ended = facts(southLog);
    expect([ended, ended.withoutCustomer('South1')].map((each) => namesOf(each).length)).toEqual([0, 0]);
    expect(namesOf(ended.withCustomer('South1', { isClosed: false }))).toMatchObject([{ offence: 'left behind', evidence: expect.stringContaining('South1') as string }]);
  });

  it('lets a name be free that a removed customer had', () => {
    const found = northRemoved().withCustomer('North1', { isClosed: true }).violations.filter(({ rule }) => rule.includes('name'));
    expect(found).toEqual([]);
  });
});
