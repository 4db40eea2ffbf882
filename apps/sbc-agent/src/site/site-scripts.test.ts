import { CustomerCreated, messageOf } from '@trunkline/contracts';
import { ownerMark } from '@trunkline/scripts';
import { Secrets } from '@trunkline/secrets';
import { describe, expect, it } from 'vitest';

import { renderSite } from './site-scripts.js';

const customerGuid = '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10';
const secrets = new Secrets(Buffer.alloc(32, 7).toString('base64'));
const cleanup = 'configure voip\n no sbc routing condition-table "{{IpGroupName}}"\n no ip-group "{{IpGroupName}}"\nexit';
const onboarding = (...lines: string[]): string => [
  'configure voip', ' ip-group new', '  name "{{IpGroupName}}"', '  tags "Owner={{CustomerGuid}}"', '  activate', ' exit',
  ' sbc routing condition-table new', '  name "{{IpGroupName}}"', ...lines, '  activate', ' exit', 'exit',
].join('\n');

function eventOf(text: string, isEarlier: boolean): CustomerCreated {
  const ticket = {
    provider: 'test', customerGuid, siteGuid: customerGuid, shortName: 'A', fullName: 'A', msTenantId: customerGuid, ovocCustomerType: 'IPGROUP_TYPE' as const,
    sbc: { id: 1, ovocSbcId: 1, fqdn: 'sbc1.example.net' },
  };
  return messageOf(CustomerCreated, {
    id: customerGuid, source: 'test', subject: customerGuid, time: '2026-01-01T00:00:00Z', round: 1, sequence: 0, step: CustomerCreated.step,
    data: {
      ticket, progress: [], startBy: '2026-01-01T00:00:00Z',
      script: {
        onboarding: { id: 1, version: 1, text }, cleanup: { id: 2, version: 1, text: cleanup },
        values: { IpGroupName: 'A', CustomerGuid: customerGuid, ...!isEarlier && { OwnerMark: ownerMark(customerGuid) } },
      },
    },
  });
}

const rendered = (text: string, { isEarlier, isOnDevice }: { isEarlier: boolean; isOnDevice: boolean }) => (
  renderSite(eventOf(text, isEarlier), secrets, {}, isOnDevice));

describe('scripts as an earlier version took them', () => {
  it.each([
    ['a question mark', 'condition \'sip:a?x=1\'', '\'sip:a?x=1\''], ['a question mark in a word', 'description a?b', 'a?b'], ['a sign inside a text', 'condition header.a + \' #31# \'', 'header.a + \' #31# \''],
    ['a sign that begins a value', 'description #31#', '#31#'], ['both', 'condition header.a == \' #31#?\'', 'header.a == \' #31#?\''],
  ])('set of a customer on the device what they did: %s', async (_name, line, value) => {
    for (const isEarlier of [true, false]) {
      const site = await rendered(onboarding(`  ${line}`), { isEarlier, isOnDevice: true });
      expect([site.problems, site.onboarding.split('\n')[8]]).toEqual([[], `  ${line}`]);
      expect(site.rows[1]?.parameters[line.split(' ')[0] ?? '']).toBe(value);
    }
    const refusal = await rendered(onboarding(`  ${line}`), { isEarlier: true, isOnDevice: false }).then(({ problems }) => problems.join(), (error: unknown) => String(error));
    expect(refusal).toMatch(/line 9: .*double quotes/);
  });

  it('have no remark behind a command where the version had none, and remarks for people alone', async () => {
    const line = '  condition header.a + #31#';
    const text = onboarding('# trunkline: ask Bob', line);
    expect((await rendered(text, { isEarlier: true, isOnDevice: true })).onboarding).toContain(`${line}\n`);
    await expect(rendered(text, { isEarlier: true, isOnDevice: false })).rejects.toThrow('line 9: after "# trunkline:"');
    const remarked = await rendered(onboarding('  condition header.a # the carrier\'s'), { isEarlier: false, isOnDevice: true });
    expect(remarked.onboarding).toContain('  condition header.a\n');
  });

  it('are not rendered where neither version understands them', async () => {
    await expect(rendered(onboarding('  condition "open'), { isEarlier: true, isOnDevice: true })).rejects.toThrow('Script 1 is not a valid template: line 9: the closing quote is missing');
  });
});
