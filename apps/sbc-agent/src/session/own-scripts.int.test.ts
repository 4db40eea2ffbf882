import { SbcCleaned, SbcCleanupFailed, SbcOnboarded, SbcOnboardingFailed } from '@trunkline/contracts';
import { eventually } from '@trunkline/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type Customer, type Pair, SessionBench } from './device-session.testing.js';

let bench: SessionBench;
beforeAll(async () => {
  bench = await SessionBench.start();
});
afterEach(() => bench.reset());
afterAll(() => bench.stop());

const inHour = (): Date => new Date(Date.now() + 3_600_000);
const group = [' ip-group new', '  name "{{IpGroupName}}"', '  tags "Own={{OwnerMark}}"', '  activate', ' exit'];
const onboarding = (...lines: string[]): string[] => ['configure voip', ...group, ...lines, 'exit'];
const cleanup = (...lines: string[]): string[] => ['configure voip', ...lines, ' no ip-group "{{IpGroupName}}"', 'exit'];

async function wanted(sbc: number, name: string, pair: Pair): Promise<Customer> {
  const customer = bench.newCustomer(sbc, name);
  await bench.requestOnboarding(customer, inHour(), pair);
  return customer;
}

const failedOf = async (customer: Customer): Promise<{ code: string; reason: string; attempts: number }> => {
  const [job] = await bench.jobsIn(customer, 'done');
  expect(job?.outcome_type).toBe(SbcOnboardingFailed.type);
  const { code, reason } = (JSON.parse(job?.outcome ?? '{}') as { data: { code: string; reason: string } }).data;
  return { code, reason, attempts: job?.attempts ?? 0 };
};

describe('scripts that are not understood', () => {
  it.each([
    ['a command of the device', { onboarding: onboarding(' do write'), cleanup: cleanup() }, /^Onboarding script 1, line 7: "do write" may not stand/],
    ['nothing to set', { onboarding: ['configure voip', 'exit'], cleanup: cleanup() }, /sets at least one row/],
    ['a cleanup that reaches a shared row', { onboarding: onboarding(), cleanup: cleanup(' proxy-set "SIPTrunk"', '  no proxy-ip 0', ' exit') }, /Cleanup script 2, line 3/],
    ['a cleanup of less than was made', { onboarding: onboarding(' proxy-set new', '  proxy-name "{{IpGroupName}}"', '  activate', ' exit'), cleanup: cleanup() }, /^Cleanup script 2 does not remove proxy-set "Strange.*: add no proxy-set "Strange/],
    ['a cleanup of more than was made', { onboarding: onboarding(), cleanup: cleanup(' no sbc classification "{{IpGroupName}}"') }, /removes sbc classification "Strange/],
  ])('are refused for good, and nothing is sent: %s', async (name, pair, reason) => {
    const sbc = bench.newSbc();
    const customer = await wanted(sbc, `Strange${name.length}`, pair);
    bench.startAgent();
    expect(await failedOf(customer)).toMatchObject({ code: 'SCRIPT_NOT_RENDERED', reason: expect.stringMatching(reason), attempts: 1 });
    expect(await bench.calls(sbc, 'script')).toEqual([]);
    expect(await bench.noteOf(customer)).toBeUndefined();
  });

  it('are refused without showing a password of theirs', async () => {
    const sbc = bench.newSbc();
    const customer = await wanted(sbc, 'Discreet', { onboarding: onboarding(` do ${'something '.repeat(5)}hush-4711`, ' password "hush-4711"'), cleanup: cleanup() });
    bench.startAgent();
    const { reason } = await failedOf(customer);
    expect(reason).toMatch(/"do (?:something ){5}…" may not stand.*"\*{5}" is the same for all customers/);
    expect(reason).not.toContain('hush');
  });

  it('are refused with a reason that fits its message, however much is wrong', async () => {
    const sbc = bench.newSbc();
    const customer = await wanted(sbc, 'ManyFaults', { onboarding: onboarding(...Array.from({ length: 20 }, (_, at) => ` do something ${at}`)), cleanup: cleanup() });
    bench.startAgent();
    const { reason } = await failedOf(customer);
    expect(reason).toHaveLength(1024);
    expect(reason).toMatch(/…$/);
  });

  it('are no reason to leave a customer undone that may be on the device', async () => {
    const sbc = bench.newSbc();
    const pair = { onboarding: onboarding(' sbc routing', '  settings on'), cleanup: cleanup() };
    const customer = bench.newCustomer(sbc, 'FromBefore');
    // As an agent of an earlier version has left it: written, and noted.
    const rows = [{ table: 'ip-group', name: 'FromBefore', nameParameter: 'name', parameters: { name: 'FromBefore' }, children: [] }];
    await bench.note(customer, { cleanup: 'configure voip\n no ip-group "FromBefore"\nexit\n', rows, removes: [{ table: 'ip-group', name: 'FromBefore' }], secrets: [] });
    await bench.runOn(sbc, `configure voip\n ip-group new\n  name FromBefore\n  tags "Owner=${customer.ticket.customerGuid}"\n  activate\n exit\nexit\n`);
    await bench.requestOnboarding(customer, inHour(), pair);
    await bench.requestCleanup(customer);
    bench.startAgent();
    await eventually('the row to be gone', async () => !(await bench.groups(sbc)).includes('FromBefore'));
  });
});

describe('scripts that an earlier version has taken', () => {
  const earlier = [' ip-group new', '  name "{{IpGroupName}}"', '  tags "Owner={{CustomerGuid}}"', '  activate', ' exit'];
  const row = (name: string, nameParameter: string, table: string) => ({ table, name, nameParameter, parameters: {}, children: [] });

  it('are done when all that was noted is there, also what is not understood any more', async () => {
    const sbc = bench.newSbc();
    const customer = bench.newCustomer(sbc, 'Settings');
    const rows = [row('Settings', 'name', 'ip-group')];
    await bench.note(customer, { cleanup: 'configure voip\n no ip-group "Settings"\nexit\n', rows, removes: rows, secrets: [] });
    await bench.runOn(sbc, `configure voip\n ip-group new\n  name Settings\n  tags "Owner=${customer.ticket.customerGuid}"\n  activate\n exit\nexit\n`);
    const before = (await bench.calls(sbc, 'script')).length;
    await bench.requestOnboarding(customer, inHour(), {
      onboarding: ['configure voip', ' sbc settings', '  something on', ' exit', ...earlier, 'exit'], cleanup: cleanup(), isEarlier: true,
    });
    bench.startAgent();
    expect((await bench.jobsIn(customer, 'done'))[0]?.outcome_type).toBe(SbcOnboarded.type);
    expect(await bench.calls(sbc, 'script')).toHaveLength(before);
  });

  it('set what they set of a customer that may be on the device, and nothing of another one', async () => {
    const sbc = bench.newSbc();
    const table = 'sbc manipulation ip-outbound-manipulation';
    const pair: Pair = {
      onboarding: ['configure voip', ...earlier, ` ${table} new`, '  manipulation-name "{{IpGroupName}}"', '  prefix-to-add #31#', '  activate', ' exit', 'exit'],
      cleanup: cleanup(` no ${table} "{{IpGroupName}}"`), isEarlier: true,
    };
    const customer = bench.newCustomer(sbc, 'FromBefore2');
    const rows = [row('FromBefore2', 'name', 'ip-group'), row('FromBefore2', 'manipulation-name', table)];
    await bench.note(customer, { cleanup: `configure voip\n no ${table} "FromBefore2"\n no ip-group "FromBefore2"\nexit\n`, rows, removes: rows, secrets: [] });
    await bench.requestOnboarding(customer, inHour(), pair);
    const other = await wanted(sbc, 'NotNoted', pair);
    bench.startAgent();
    expect((await bench.jobsIn(customer, 'done'))[0]?.outcome_type).toBe(SbcOnboarded.type);
    expect(await failedOf(other)).toMatchObject({ code: 'SCRIPT_NOT_RENDERED', reason: expect.stringContaining('line 9: "prefix-to-add" has no value; one with "#" stands in double quotes') });
    const set = async () => (await bench.rows(sbc, table)).map((each) => [each['manipulation-name'], each['prefix-to-add']]);
    expect(await set()).toEqual([['FromBefore2', '#31#']]);

    await bench.runOn(sbc, `configure voip\n no ${table} "FromBefore2"\nexit\n`);
    await bench.setLease(sbc, 'sweep_owed_from = now()');
    await eventually('a sweep to set the row again', async () => JSON.stringify(await set()) === '[["FromBefore2","#31#"]]', 15_000);
    await bench.requestCleanup(customer);
    await bench.jobsIn(customer, 'done', 'done');
    expect(await set()).toEqual([]);
  });
});

describe('a value that the device does not keep', () => {
  const pair: Pair = {
    onboarding: onboarding(' coders-and-profiles ip-profile new', '  profile-name "{{IpGroupName}}"', '  sbc-media-security-behaviour secured', '  activate', ' exit'),
    cleanup: cleanup(' no coders-and-profiles ip-profile "{{IpGroupName}}"'),
  };

  it('ends the deployment at the second attempt, with the line that would state it', async () => {
    const sbc = bench.newSbc();
    await bench.printAs(sbc, 'A');
    await bench.fault(sbc, 'forget-parameter', { params: { table: 'coders-and-profiles ip-profile', parameter: 'sbc-media-security-behaviour' } });
    const customer = await wanted(sbc, 'NoLicence', pair);
    bench.startAgent();
    const { attempts, code, reason } = await failedOf(customer);
    expect([code, attempts]).toEqual(['SBC_ROWS_DIFFER', 2]);
    expect(reason).toContain('coders-and-profiles ip-profile "NoLicence": sbc-media-security-behaviour was set to "secured"');
    expect(reason).toContain('# trunkline: default sbc-media-security-behaviour=secured');
  });

  it('is no failure where it is kept the second time', async () => {
    const sbc = bench.newSbc();
    await bench.fault(sbc, 'forget-parameter', { times: 1, params: { table: 'coders-and-profiles ip-profile', parameter: 'sbc-media-security-behaviour' } });
    const customer = await wanted(sbc, 'KeptThen', pair);
    bench.startAgent();
    expect((await bench.jobsIn(customer, 'done'))[0]).toMatchObject({ outcome_type: SbcOnboarded.type, attempts: 2 });
  });
});

describe('a secret that the device shows only as set', () => {
  it('is said in the outcome, without its value and in no line for the caller', async () => {
    const sbc = bench.newSbc();
    const account = [' sip-definition account new', '  account-name "{{IpGroupName}}"', '  served-ip-group-name "{{IpGroupName}}"', '  host-name "sip.example.net"', '  user-name "u"', '  password "hunter2"', '  activate', ' exit'];
    const customer = await wanted(sbc, 'Secretive', { onboarding: onboarding(...account), cleanup: cleanup(' no sip-definition account "{{IpGroupName}}"') });
    await bench.printAs(sbc, 'A');
    bench.startAgent();
    const [job] = await bench.jobsIn(customer, 'done');
    const { data } = JSON.parse(job?.outcome ?? '{}') as { data: { progress: unknown; unverified: string[] } };
    expect(data.unverified).toEqual(['sip-definition account "Secretive": password']);
    expect(JSON.stringify(data.progress)).not.toContain('password');
    expect(job?.outcome).not.toContain('hunter2');
  });
});

describe('a table that is not known', () => {
  const table = 'message pre-parsing-manip-sets';
  const pairOf = (word: string, parameter: string, ...before: string[]): Pair => ({
    onboarding: onboarding(...before, ` ${word} new`, `  ${parameter} "{{IpGroupName}}"`, '  activate', ' exit'), cleanup: cleanup(` no ${word} "{{IpGroupName}}"`),
  });

  it('ends the deployment at the second attempt, with the whole word, and is cleaned', async () => {
    const sbc = bench.newSbc();
    const customer = await wanted(sbc, 'Shortened', pairOf('message pre-pars', 'name'));
    bench.startAgent();
    const { attempts, code, reason } = await failedOf(customer);
    expect([code, attempts]).toEqual(['SBC_ROWS_DIFFER', 2]);
    expect(reason).toContain(`message pre-pars "Shortened" is printed as ${table} "Shortened": write the whole name of the table`);
    expect(await bench.rows(sbc, table)).toMatchObject([{ name: 'Shortened' }]);
    await bench.requestCleanup(customer);
    await bench.jobsIn(customer, 'done', 'done');
    expect(await bench.rows(sbc, table)).toEqual([]);
    expect(await bench.groups(sbc)).not.toContain('Shortened');
  });

  it('is no customer\'s under a shortened word where the row was there before', async () => {
    const sbc = bench.newSbc();
    await bench.runOn(sbc, `configure voip\n ${table} new\n  name Before\n  activate\n exit\nexit\n`);
    const customer = await wanted(sbc, 'Before', pairOf('message pre-pars', 'name'));
    bench.startAgent();
    expect(await failedOf(customer)).toMatchObject({ code: 'IP_GROUP_CONFLICT', reason: `${table} "Before" on the SBC belongs to somebody else` });
    expect(await bench.rows(sbc, table)).toMatchObject([{ name: 'Before' }]);
  });
});

describe('a cleanup that opens a row', () => {
  it('ends although the row is gone', async () => {
    const sbc = bench.newSbc();
    const customer = await wanted(sbc, 'Opened', {
      onboarding: onboarding(' proxy-set new', '  proxy-name "{{IpGroupName}}"', '  activate', ' exit'),
      cleanup: cleanup(' proxy-set "{{IpGroupName}}"', '  proxy-keep-alive-time 5', '  activate', ' exit', ' no proxy-set "{{IpGroupName}}"'),
    });
    bench.startAgent();
    expect((await bench.jobsIn(customer, 'done'))[0]?.outcome_type).toBe(SbcOnboarded.type);
    await bench.runOn(sbc, 'configure voip\n no proxy-set Opened\nexit\n');
    await bench.requestCleanup(customer);
    await bench.jobsIn(customer, 'done', 'done');
    expect(await bench.groups(sbc)).not.toContain('Opened');
  });
});

describe('rows in a dial plan that all share', () => {
  const pair: Pair = {
    onboarding: onboarding(' sbc dial-plan "Tenants"', '  dial-plan-rule new', '   name "{{IpGroupName}}"', '   prefix "+4930{{IpGroupName}}"', '   tag "x"', '   activate', '  exit', ' exit'),
    cleanup: cleanup(' sbc dial-plan "Tenants"', '  no dial-plan-rule "{{IpGroupName}}"', ' exit'),
  };
  const rules = async (sbc: number): Promise<unknown> => (await bench.rows(sbc, 'sbc dial-plan')).find(({ name }) => name === 'Tenants');
  const names = async (sbc: number): Promise<unknown[]> => JSON.stringify(await rules(sbc)).match(/"name":"[^"]*"/g) ?? [];

  it.each(['A', 'B'] as const)('are set for two customers at once and removed one by one, the others untouched (print %s)', async (print) => {
    const sbc = bench.newSbc();
    await bench.printAs(sbc, print);
    const before = JSON.stringify(await rules(sbc));
    const [one, other] = await Promise.all([wanted(sbc, 'Rule1', pair), wanted(sbc, 'Rule2', pair)]);
    bench.startAgent();
    for (const customer of [one, other]) expect((await bench.jobsIn(customer, 'done'))[0]?.outcome_type).toBe(SbcOnboarded.type);
    expect(await names(sbc)).toEqual(expect.arrayContaining(['"name":"Rule1"', '"name":"Rule2"']));
    await bench.requestCleanup(one);
    await bench.jobsIn(one, 'done', 'done');
    expect(await names(sbc)).toContain('"name":"Rule2"');
    expect(await names(sbc)).not.toContain('"name":"Rule1"');
    await bench.requestCleanup(other);
    await bench.jobsIn(other, 'done', 'done');
    expect(JSON.stringify(await rules(sbc))).toBe(before);
  });

  it('belong to whoever had the name first', async () => {
    const sbc = bench.newSbc();
    await bench.runOn(sbc, 'configure voip\n sbc dial-plan "Tenants"\n  dial-plan-rule new\n   name Theirs\n   prefix 123\n   tag y\n   activate\n  exit\n exit\nexit\n');
    const before = JSON.stringify(await rules(sbc));
    const customer = await wanted(sbc, 'Theirs', pair);
    bench.startAgent();
    expect(await failedOf(customer)).toMatchObject({ code: 'IP_GROUP_CONFLICT', reason: expect.stringContaining('dial-plan-rule "Theirs" in sbc dial-plan "Tenants"') });
    expect(JSON.stringify(await rules(sbc))).toBe(before);
  });
});

describe('a second row of the customer\'s name, made by hand after the deployment', () => {
  const ruleOf = (prefix: string) => ['  dial-plan-rule new', '   name "{{IpGroupName}}"', `   prefix "${prefix}"`, '   activate', '  exit'];
  const inPlan = (...lines: string[]) => [' sbc dial-plan "Tenants"', ...lines, ' exit'];
  const manipulationOf = (value: string) => [' message message-manipulations new', '  manipulation-name "{{IpGroupName}}"', `  action-value "'${value}'"`, '  activate', ' exit'];
  const callRuleOf = (subject: string) => [' message call-setup-rules new', '  rules-set-name "{{IpGroupName}}"', '  rules-set-id 7', `  action-subject "${subject}"`, '  action-type remove', '  activate', ' exit'];
  const removal = (table: string) => [` no ${table} "{{IpGroupName}}"`];

  it.each([
    ['Rule', 'sbc dial-plan', inPlan(...ruleOf('4930')), inPlan('  no dial-plan-rule "{{IpGroupName}}"'), inPlan(...ruleOf('9999')), inPlan('  no dial-plan-rule 3'), '"prefix":"9999"'],
    ['Manipulation', 'message message-manipulations', manipulationOf('a'), removal('message message-manipulations'), manipulationOf('theirs'), [' no message message-manipulations 1'], 'theirs'],
    ['CallRule', 'message call-setup-rules', callRuleOf('header.x'), removal('message call-setup-rules'), callRuleOf('header.theirs'), [' no message call-setup-rules 1'], 'header.theirs'],
  ])('is left by undo and sweep, and the undo ends when a person has removed it: %s', async (name, table, made, removed, added, removedByHand, theirs) => {
    const sbc = bench.newSbc();
    const byHand = (lines: readonly string[]) => bench.runOn(sbc, ['configure voip', ...lines, 'exit', ''].join('\n').replaceAll('{{IpGroupName}}', name));
    const shown = async () => JSON.stringify(await bench.rows(sbc, table));
    const customer = await wanted(sbc, name, { onboarding: onboarding(...made), cleanup: cleanup(...removed) });
    bench.startAgent();
    expect((await bench.jobsIn(customer, 'done'))[0]?.outcome_type).toBe(SbcOnboarded.type);
    await byHand(added);
    const before = await shown();
    expect(before).toContain(theirs);

    const scripts = (await bench.calls(sbc, 'script')).length;
    await bench.setLease(sbc, 'sweep_owed_from = now()');
    await eventually('the sweep to be done', async () => !(await bench.healthOf(sbc)).sweep_owed);
    await bench.requestCleanup(customer);
    const [, undo] = await bench.jobsIn(customer, 'done', 'done');
    expect(undo?.outcome_type).toBe(SbcCleanupFailed.type);
    expect(undo?.outcome).toMatch(/IP_GROUP_CONFLICT.*2 times, and not each time as it was set/);
    expect(await bench.calls(sbc, 'script')).toHaveLength(scripts);
    expect(await shown()).toBe(before);

    await byHand(removedByHand);
    expect(await shown()).not.toContain(theirs);
    await bench.requestCleanup(customer, 3);
    const [, , again] = await bench.jobsIn(customer, 'done', 'done', 'done');
    expect(again?.outcome_type).toBe(SbcCleaned.type);
    expect(await shown()).not.toContain(`"${name}"`);
  });
});
