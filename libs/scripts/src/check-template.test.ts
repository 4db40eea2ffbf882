import { describe, expect, it } from 'vitest';
import { checkTemplate } from './index.js';
import { cleanup700, onboarding7, unquotedTemplate } from './sample-templates.testing.js';

const marked = '  tags "Owner={{CustomerGuid}}"';
const group = (...lines: string[]) => ['configure voip', ' ip-group new', ...lines, '  activate', ' exit', 'exit'].join('\n');
const named = '  name "{{IpGroupName}}"';

describe('the check of a template', () => {
  it.each([
    ['the documented onboarding script', 'onboarding', onboarding7],
    ['the documented cleanup script', 'cleanup', cleanup700],
    ['values outside quotes and rows within rows', 'onboarding', unquotedTemplate],
    ['an optional row', 'onboarding', `${group(named, marked)}\n{{#if CacProfile}}\nconfigure-x\n{{/if}}`.replace('configure-x', 'show running-config')],
    ['an owner mark inside an optional row', 'onboarding', `configure voip\n{{#if ProxySet}}\n ip-group new\n${named}\n${marked}\n exit\n{{/if}}\nexit`],
  ] as const)('accepts %s', (_name, kind, text) => {
    expect(checkTemplate(kind, text, [])).toEqual([]);
  });

  it.each([
    ['an unknown placeholder', group(named, marked, '  sip-group-name {{Nobody}}'), 5, 'unknown placeholder {{Nobody}}'],
    ['an unknown condition', group(named, marked, '{{#if Nobody}}', '  type server', '{{/if}}'), 5, 'unknown placeholder {{Nobody}}'],
    ['a variable number beyond the declared ones', group(named, marked, '  sip-group-name {{CustomVar.Variable3}}'), 5, 'unknown placeholder'],
    ['an IP group without tags', group(named), 2, 'Owner={{CustomerGuid}}'],
    ['an IP group with other tags only', group(named, '  tags "Trunk={{MsTenantId}}"'), 2, 'Owner={{CustomerGuid}}'],
    ['a mark that is only part of a tag', group(named, '  tags "Owner={{CustomerGuid}}x"'), 2, 'Owner={{CustomerGuid}}'],
    ['a mark that may be left out', group(named, '{{#if ProxySet}}', marked, '{{/if}}'), 2, 'Owner={{CustomerGuid}}'],
    ['a row without a name', group(marked), 2, 'needs a name'],
    ['a name that may be left out', group('{{#if ProxySet}}', named, '{{/if}}', marked), 2, 'needs a name'],
    ['a name all customers share', group('  name "Teams"', marked), 3, 'same for all customers'],
    ['a name of something all customers share', group('  name "{{ProxySet}}"', marked), 3, 'same for all customers'],
    ['a row entered by index', `${group(named, marked)}\nconfigure voip\nip-group 5\n type server\nexit`, 9, 'needs a name'],
    ['a block that opens a row and leaves it open', `configure voip\n{{#if ProxySet}}\n ip-group new\n{{/if}}\n${named}\n${marked}\n exit\nexit`, 2, 'whole rows'],
    ['a block that closes a row it did not open', group(named, marked, '{{#if ProxySet}}', ' exit', ' ip-profile new', '{{/if}}'), 5, 'whole rows'],
    ['a table chosen by a value', 'configure voip\nsbc {{ProxySet}} new', 2, 'choose a table'],
    ['a removal', 'configure voip\nno ip-group "{{IpGroupName}}"', 2, 'removes no rows'],
    ['a section chosen by a value', 'configure {{ProxySet}}', 1, 'choose what is configured'],
    ['an interactive command', 'copy running-config', 1, 'may not stand'],
    ['broken syntax', 'name "', 1, 'closing quote'],
  ])('refuses an onboarding template for %s', (_name, text, line, message) => {
    expect(checkTemplate('onboarding', text, ['A', 'B'])).toContainEqual({ line, message: expect.stringContaining(message) });
  });

  it.each([
    ['by index', 'configure voip\nno ip-group 5', 'not by an index'],
    ['of a row all customers share', 'configure voip\nno ip-group "Teams-OC"', 'same for all customers'],
    ['by a name that could be read as an index', 'configure voip\nno ip-group {{IpGroupName}}', 'stands in quotes'],
  ])('refuses a removal %s', (_name, text, message) => {
    expect(checkTemplate('cleanup', text, [])).toEqual([{ line: 2, message: expect.stringContaining(message) }]);
  });

  it('knows declared variables by name and by number', () => {
    const text = group(named, marked, '  sip-group-name "{{SIP-HostName}}"', '  contact-user "{{CustomVar.Variable1}}"');
    expect(checkTemplate('onboarding', text, ['SIP-HostName'])).toEqual([]);
    expect(checkTemplate('onboarding', text, []).map((problem) => problem.line)).toEqual([5, 6]);
  });

  it('asks of other scripts only that they parse and know their names', () => {
    expect(checkTemplate('other', group('  name "Teams"'), [])).toEqual([]);
    expect(checkTemplate('other', group('  name "{{Nobody}}"'), [])).toHaveLength(1);
  });
});
