import { Housekeeping } from '@trunkline/steps';
import { createLogger } from '@trunkline/runtime';
import { ownerMark } from '@trunkline/scripts';
import { eventually } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type Customer, SessionBench } from '../session/device-session.testing.js';
import { settledNotesHousekeeping } from './settled-notes.js';

let bench: SessionBench;
beforeAll(async () => {
  bench = await SessionBench.start();
});
afterEach(() => bench.reset());
afterAll(() => bench.stop());

/** The agent that has the device seems paused: its lease and its scripts' time have run out, and its lock is held. */
const pauseHolder = (sbc: number): Promise<void> => bench.setLease(sbc, `expires_at = now() - interval '1 second', write_until = now() - interval '1 second'`);
const swept = (sbc: number): Promise<unknown> => eventually('the sweep to be done', async () => {
  const lease = await bench.leaseOf(sbc);
  return lease.holder === null && !(await bench.healthOf(sbc)).sweep_owed;
}, 15_000);
const deployed = async (sbc: number, ...names: string[]): Promise<Customer[]> => {
  const customers = names.map((name) => bench.newCustomer(sbc, name));
  for (const customer of customers) await bench.requestOnboarding(customer);
  for (const customer of customers) await eventually('a customer to be on its device', async () => (await bench.jobsOf(customer))[0]?.state === 'done');
  return customers;
};
const cleaned = async (customer: Customer): Promise<void> => {
  await bench.requestCleanup(customer);
  await bench.jobsIn(customer, 'done', 'done');
};
const markedGroups = async (sbc: number): Promise<string[]> => (await bench.rows(sbc, 'ip-group')).flatMap(({ name, tags }) => (
  /Own=/.test(String(tags)) ? [`${String(name)} ${/Own=(\S+?)(;|$)/.exec(String(tags))?.[1] ?? ''}`] : []));
/** Routes of customers; a device has one of its own. */
const routes = async (sbc: number): Promise<unknown[]> => (
  (await bench.rows(sbc, 'sbc routing ip2ip-routing')).map((row) => row['route-name']).filter((name) => String(name).endsWith('-in')));
const marked = ({ ticket }: Customer): string => `${ticket.shortName} ${ownerMark(ticket.customerGuid)}`;
const groupOf = (name: string, tags: string): string => `configure voip\n ip-group new\n  name "${name}"\n  type server\n  tags "${tags}"\n  activate\n exit\nexit\n`;

describe('a script that arrives when another agent has long had the device', () => {
  it('leaves nothing of a customer that was cleaned meanwhile', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'LateScript');
    await bench.requestOnboarding(customer);
    await bench.hold(sbc, 'script');
    bench.startAgent();
    await bench.held(sbc, 'script');
    await bench.requestCleanup(customer);
    await pauseHolder(sbc);
    bench.startAgent();
    await bench.jobsIn(customer, 'dropped', 'done');
    await swept(sbc);

    await bench.release();
    await eventually('the rows to be gone again', async () => (await bench.calls(sbc, 'script')).length === 2 && (await bench.groups(sbc)).length === 1, 15_000);
    await swept(sbc);
    expect(await routes(sbc)).toEqual([]);
    expect(await bench.rows(sbc, 'ip-group', 'saved')).toHaveLength(1);
    expect(await bench.leaseOf(sbc)).toMatchObject({ save_owed: false });
  });

  it('takes nothing from the customer that has the name now', async () => {
    const sbc = bench.newSbc();
    bench.startAgent();
    const [first] = await deployed(sbc, 'Heir');
    await bench.hold(sbc, 'script');
    await bench.requestCleanup(first!);
    await bench.held(sbc, 'script');
    await pauseHolder(sbc);
    bench.startAgent();
    await bench.jobsIn(first!, 'done', 'done');
    const [second] = await deployed(sbc, 'Heir');
    await swept(sbc);
    expect(await markedGroups(sbc)).toEqual([marked(second!)]);

    const before = (await bench.calls(sbc, 'script')).length;
    await bench.release();
    await eventually('the rows to be set again', async () => (
      (await bench.calls(sbc, 'script')).length > before && (await markedGroups(sbc)).join() === marked(second!)), 15_000);
    await swept(sbc);
    expect(await routes(sbc)).toEqual(['Heir-in']);
    expect((await bench.jobsOf(second!)).map(({ state }) => state)).toEqual(['done']);
  });
});

describe('a sweep', () => {
  const owe = (sbc: number): Promise<void> => bench.setLease(sbc, 'sweep_owed_from = now()');

  it('sets rows of customers again that are missing, all or some, and touches no others', async () => {
    const sbc = bench.newSbc();
    bench.startAgent();
    const customers = await deployed(sbc, 'Whole', 'Half', 'Gone', 'Changed');
    await bench.runOn(sbc, 'configure voip\n no sbc routing ip2ip-routing "Half-in"\n no sbc routing ip2ip-routing "Gone-in"\n no ip-group "Gone"\nexit\n');
    await bench.runOn(sbc, 'configure voip\n ip-group "Changed"\n  type user\n  activate\n exit\nexit\n');
    const before = (await bench.calls(sbc, 'script')).length;
    await owe(sbc);
    await swept(sbc);
    expect((await markedGroups(sbc)).sort()).toEqual(customers.map(marked).sort());
    expect((await routes(sbc)).sort()).toEqual(['Changed-in', 'Gone-in', 'Half-in', 'Whole-in']);
    const touched = (await bench.calls(sbc, 'script')).slice(before).flatMap(({ scriptRows = [] }) => scriptRows.map(({ name }) => name));
    expect(touched.filter((name) => /Whole|Changed/.test(name))).toEqual([]);
    expect((await bench.rows(sbc, 'ip-group', 'saved')).map(({ name }) => name)).toContain('Gone');
  });

  it('removes no row that somebody else has made under a name of a cleaned customer', async () => {
    const sbc = bench.newSbc();
    bench.startAgent();
    for (const customer of await deployed(sbc, 'Theirs1', 'Theirs2')) await cleaned(customer);
    await bench.runOn(sbc, groupOf('Theirs1', 'Owner=somebody'));
    await bench.runOn(sbc, groupOf('Theirs2', 'Made=by-hand'));
    const before = (await bench.calls(sbc, 'script')).length;
    await owe(sbc);
    await swept(sbc);
    expect(await bench.groups(sbc)).toEqual(['Teams-OC', 'Theirs1', 'Theirs2']);
    expect(await bench.calls(sbc, 'script')).toHaveLength(before);
  });

  it('neither sets again nor removes what is left of an abandoned customer', async () => {
    const sbc = bench.newSbc();
    bench.startAgent();
    const [gone, left] = await deployed(sbc, 'ByHand', 'Left');
    await bench.abandon(gone!);
    await bench.abandon(left!);
    await bench.runOn(sbc, 'configure voip\n no sbc routing ip2ip-routing "ByHand-in"\n no ip-group "ByHand"\nexit\n');
    const before = (await bench.calls(sbc, 'script')).length;
    await owe(sbc);
    await swept(sbc);
    expect(await bench.groups(sbc)).toEqual(['Teams-OC', 'Left']);
    expect(await bench.calls(sbc, 'script')).toHaveLength(before);
    expect([await bench.noteOf(gone!), await bench.noteOf(left!)]).toEqual([undefined, undefined]);
  });

  it('sends nothing more for a customer that is abandoned while it is cleaned', async () => {
    const sbc = bench.newSbc();
    bench.startAgent();
    const [customer] = await deployed(sbc, 'Midway');
    await bench.runOn(sbc, 'configure voip\n no sbc routing ip2ip-routing "Midway-in"\nexit\n');
    const before = (await bench.calls(sbc, 'script')).length;
    await bench.hold(sbc, 'script');
    await owe(sbc);
    await bench.held(sbc, 'script');
    await bench.abandon(customer!);
    await bench.release();
    await swept(sbc);
    expect(await bench.calls(sbc, 'script')).toHaveLength(before + 1);
  });

  it('that the device refuses stays owed, and other work goes on', async () => {
    const sbc = bench.newSbc();
    bench.startAgent();
    const [customer] = await deployed(sbc, 'Refused');
    await cleaned(customer!);
    await bench.runOn(sbc, groupOf('Refused', `Trunk=x;Owner=${customer!.ticket.customerGuid}`));
    await bench.fault(sbc, 'script-failure', { what: 'script', times: 1 });
    await owe(sbc);
    await eventually('the sweep to be put off', async () => (await bench.calls(sbc, 'script')).length >= 4 && (await bench.leaseOf(sbc)).holder === null);
    expect(await bench.healthOf(sbc)).toMatchObject({ sweep_owed: true });
    await deployed(sbc, 'GoesOn');
    expect(await bench.groups(sbc)).toEqual(['Teams-OC', 'Refused', 'GoesOn']);
    await owe(sbc);
    await swept(sbc);
    expect(await bench.groups(sbc)).toEqual(['Teams-OC', 'GoesOn']);
  });

  it('mends the others beside a customer with scripts that do not render, or that are refused', async () => {
    const sbc = bench.newSbc();
    bench.startAgent();
    const named = (name: string, guid: string): Customer => {
      const { deploymentId, ticket } = bench.newCustomer(sbc, name);
      return { deploymentId, ticket: { ...ticket, customerGuid: `${guid}${ticket.customerGuid.slice(8)}` } };
    };
    const [unusable, refused, others] = [named('Unusable', '00000000'), named('NotTaken', '00000001'), [named('Good1', '10000000'), named('Good2', '20000000')]] as const;
    for (const customer of [unusable, refused, ...others]) {
      await bench.requestOnboarding(customer);
      await bench.jobsIn(customer, 'done');
    }
    const repin = (customer: Customer, from: string, to: string) => bench.database.run({
      name: '', text: 'UPDATE job SET payload = replace(payload, $2, $3) WHERE customer_guid = $1', values: [customer.ticket.customerGuid, from, to],
    });
    await repin(unusable, '{{IpGroupName}}', '{{ }}');
    await repin(refused, 'type server', 'type nonsense');
    await bench.runOn(sbc, `configure voip\n${['Unusable', 'NotTaken', 'Good1', 'Good2'].map((name) => ` no sbc routing ip2ip-routing "${name}-in"\n`).join('')}exit\n`);
    await owe(sbc);
    await eventually('the others to be mended', async () => (await routes(sbc)).sort().join() === 'Good1-in,Good2-in', 15_000);
    expect(await bench.groups(sbc)).toContain('Unusable');
    await eventually('the sweep to be put off', async () => (await bench.leaseOf(sbc)).holder === null);
    expect(await bench.healthOf(sbc)).toMatchObject({ sweep_owed: true });

    await repin(refused, 'type nonsense', 'type server');
    await owe(sbc);
    await swept(sbc);
    expect((await routes(sbc)).sort()).toEqual(['Good1-in', 'Good2-in', 'NotTaken-in']);
  });

  it('waits until a script that may still run can\'t run any more', async () => {
    const sbc = bench.newSbc();
    bench.startAgent();
    await deployed(sbc, 'Patient');
    await bench.setLease(sbc, `sweep_owed_from = now() + interval '1 hour'`);
    await deployed(sbc, 'Patient2');
    expect(await bench.healthOf(sbc)).toMatchObject({ sweep_owed: true });
  });
});

describe('the note of a customer that was cleaned', () => {
  it('is kept for sweeps, counts again when the customer returns, and is forgotten after a week', async () => {
    const sbc = bench.newSbc();
    bench.startAgent();
    const [back, gone] = await deployed(sbc, 'ComesBack', 'StaysAway');
    for (const customer of [back!, gone!]) await cleaned(customer);
    expect(await bench.noteOf(back!)).toBeUndefined();
    await bench.database.run({ name: '', text: 'DELETE FROM closed_customer WHERE customer_guid = $1', values: [back!.ticket.customerGuid] });
    await bench.requestOnboarding(back!);
    await bench.jobsIn(back!, 'done', 'done', 'done');
    expect(await bench.noteOf(back!)).toBeDefined();

    await bench.database.run({
      name: '', text: `UPDATE undo_owed SET settled_at = settled_at - interval '8 days', created_at = created_at - interval '8 days' WHERE sbc_id = $1`, values: [sbc],
    });
    await new Housekeeping(bench.database, createLogger({ service: 'test', level: 'silent' }), [settledNotesHousekeeping]).forgetOld();
    const left = await bench.database.run<{ customer_guid: string }>({ name: '', text: 'SELECT customer_guid FROM undo_owed WHERE sbc_id = $1', values: [sbc] });
    expect(left).toEqual([{ customer_guid: back!.ticket.customerGuid }]);
  });
});
