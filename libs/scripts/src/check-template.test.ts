import { describe, expect, it } from 'vitest';
import { checkTemplate, knownTables, nameParameters } from './index.js';
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

const rowOf = (table: string, ...lines: string[]) => `${group(named.replace('}}', '}}-0'), marked)}\nconfigure voip\n ${table}\n${lines.map((line) => `  ${line}`).join('\n')}\n  activate\n exit\nexit`;
const refusals = (kind: 'onboarding' | 'cleanup', text: string) => checkTemplate(kind, text, []).map(({ message }) => message);

describe('whose name a row has', () => {
  it.each([
    ['ip-group', 'name', 'proxy-set-name'], ['proxy-set', 'proxy-name', 'srd-name'], ['sip-interface', 'interface-name', 'media-realm-name'], ['srd', 'name', 'sbc-routing-policy-name'],
    ['realm', 'name', 'bw-profile-name'], ['coders-and-profiles ip-profile', 'profile-name', 'allowed-audio-coders-group-name'],
    ['coders-and-profiles audio-coders-groups', 'coders-group-name', 'name'], ['coders-and-profiles allowed-audio-coders-groups', 'coders-group-name', 'name'],
    ['message message-manipulations', 'manipulation-name', 'name'], ['message call-setup-rules', 'rules-set-name', 'name'], ['message message-policy', 'name', 'message-policy-name'],
    ['message msg-man-set', 'name', 'manipulation-name'], ['qoe bw-profile', 'name', 'qoe-profile-name'], ['qoe qoe-profile', 'name', 'bw-profile-name'], ['sbc cac-profile', 'name', 'cac-profile-name'],
    ['sbc classification', 'classification-name', 'src-ip-group-name'], ['sbc dial-plan', 'name', 'dial-plan-name'], ['sbc malicious-signature-database', 'name', 'srd-name'],
    ['sbc manipulation ip-inbound-manipulation', 'manipulation-name', 'src-ip-group-name'], ['sbc manipulation ip-outbound-manipulation', 'manipulation-name', 'dst-ip-group-name'],
    ['sbc routing condition-table', 'name', 'message-condition-name'], ['sbc routing alt-route-reasons-set', 'name', 'srd-name'], ['sbc routing ip-group-set', 'name', 'ip-group-name'],
    ['sbc routing ip2ip-routing', 'route-name', 'dst-ip-group-name'], ['sbc routing sbc-routing-policy', 'name', 'routing-policy-name'], ['sip-definition account', 'account-name', 'served-ip-group-name'],
    ['future-table', 'name', 'ip-group-name'], ['future-table', 'future-table-name', 'ip-profile-name'], ['gateway future', 'future-name', 'srd-name'],
  ])('is known of %s: %s, and %s is another matter', (table, own, other) => {
    const more = table === 'ip-group' ? [marked.trim()] : [];
    expect(refusals('onboarding', rowOf(`${table} new`, `${own} "{{IpGroupName}}"`, `${other} "Teams"`, ...more))).toEqual([]);
    expect(refusals('onboarding', rowOf(`${table} new`, `${other} "{{IpGroupName}}"`, ...more))).toEqual([expect.stringContaining('needs a name')]);
    expect(refusals('onboarding', rowOf(`${table} new`, `${own} "Teams"`, `${other} "{{IpGroupName}}"`, ...more))).toEqual([expect.stringContaining('same for all customers')]);
  });

  it('is asked for where a table of its own would have the name of a known one', () => {
    expect(refusals('onboarding', rowOf('gateway ip-profile new', 'ip-profile-name "{{IpGroupName}}"'))).toEqual([expect.stringContaining('# trunkline: name=<parameter>')]);
    expect(refusals('onboarding', rowOf('gateway ip-profile new', 'ip-profile-name "{{IpGroupName}}"').replace(' gateway', '# trunkline: name=ip-profile-name\n gateway'))).toEqual([]);
  });

  it('is not that of a row inside it', () => {
    expect(refusals('onboarding', rowOf('coders-and-profiles audio-coders-groups new', 'activate', 'audio-coders 0', ' name "{{IpGroupName}}"', ' activate', 'exit'))).toEqual([expect.stringContaining('needs a name')]);
  });
});

describe('a row that is picked by its name', () => {
  const namedTables = [...knownTables, 'future-table'].flatMap((table) => nameParameters(table).map((parameter) => [table, parameter] as const));
  const picked = (table: string, ...lines: string[]) => {
    const [section, path] = table.startsWith('network:') ? ['network', table.slice('network:'.length)] : ['voip', table];
    return [`configure ${section}`, ` ${path} "{{IpGroupName}}"`, ...[...lines, ...table === 'ip-group' ? [marked] : []].map((line) => `  ${line}`), '  activate', ' exit', 'exit'].join('\n');
  };
  const renamed = (table: string, parameter: string) => ({
    line: 3, message: `${table} "{{IpGroupName}}" may be anybody's row and gets another name: leave "${parameter}" as it is, or make a row with "new"`,
  });

  it.each(namedTables)('gets no other name: %s, %s', (table, parameter) => {
    expect(namedTables.length).toBeGreaterThan(25);
    const groupBefore = `${group(named, marked)}\n`;
    const lines = groupBefore.split('\n').length - 1;
    for (const line of [`${parameter} "{{IpGroupName}}-b"`, `no ${parameter}`]) {
      expect(checkTemplate('onboarding', groupBefore + picked(table, line), [])).toEqual([{ ...renamed(table, parameter), line: lines + 3 }]);
      expect(refusals('cleanup', picked(table, line))).toContainEqual(expect.stringContaining(`leaves "${parameter}" of a row as it is`));
    }
    expect(refusals('onboarding', groupBefore + picked(table, `${parameter} "{{IpGroupName}}"`))).toEqual([]);
  });

  it('holds rows that get none either', () => {
    const found = (line: string) => {
      const script = picked('message msg-man-set', 'activate', 'message-manipulations "{{IpGroupName}}-a"', ` ${line}`, ' activate', 'exit');
      return checkTemplate('onboarding', `${script}\n${group(named, marked)}`, []);
    };
    const refused = { ...renamed('message msg-man-set message-manipulations', 'manipulation-name'), line: 5 };
    const message = refused.message.replace('{{IpGroupName}}', '{{IpGroupName}}-a');
    for (const line of ['manipulation-name "{{IpGroupName}}-b"', 'no manipulation-name']) expect(found(line)).toEqual([{ ...refused, message }]);
    expect(found('manipulation-name "{{IpGroupName}}-a"')).toEqual([]);
  });

  it('gets no other name where the template says which parameter that is', () => {
    const text = picked('future-table', 'title "{{IpGroupName}}-b"').replace(' future', ' # trunkline: name=title\n future');
    expect(checkTemplate('onboarding', `${text}\n${group(named, marked)}`, [])).toEqual([{ ...renamed('future-table', 'title'), line: 4 }]);
  });
});

describe('a row that is entered in several places', () => {
  const again = (...lines: string[]) => ['ip-group "{{IpGroupName}}"', ...lines, 'activate', 'exit'];
  const made = (...lines: string[]) => ['ip-group new', 'name "{{IpGroupName}}"', ...lines, 'activate', 'exit'];
  const tags = 'tags "Own={{OwnerMark}}"';
  const sometimes = (...lines: string[]) => ['{{#if CacProfile}}', ...lines, '{{/if}}'];
  const needsTag = (line: number) => ({ line, message: expect.stringContaining('needs the tag') as string });

  it.each<[string, readonly string[], readonly number[]]>([
    ['the first time', [...made(tags), ...again('type server')], []], ['the second time', [...made(), ...again(tags)], []], ['both times', [...made(tags), ...again(tags)], []],
    ['before what comes only sometimes', [...made(tags), ...sometimes(...again('cac-profile "{{CacProfile}}"'))], []],
    ['neither time', [...made(), ...again('type server')], [2, 6]], ['only sometimes', [...made(), ...sometimes(...again(tags))], [2]],
    ['and another tag after that', [...made(tags), ...again('tags "a=b"')], [2, 7]], ['and no tags after that', [...made(tags), ...again('no tags')], [2, 7]], ['and another tag sometimes', [...made(tags), ...sometimes(...again('tags "a=b"'))], [2, 8]],
    ['in another row', [...made(), ...again(tags).map((line) => line.replace('Name}}"', 'Name}}-b"'))], [2]],
  ])('has the mark %s', (_name, lines, refused) => {
    expect(checkTemplate('onboarding', ['configure voip', ...lines, 'exit'].join('\n'), [])).toEqual(refused.map(needsTag));
  });

  const twice = (table: string, parameter: string, ...second: string[]) => [`${table} new`, `${parameter} "{{IpGroupName}}"`, 'activate', 'exit', `${table} new`, ...second.length > 0 ? second : [`${parameter} "{{IpGroupName}}"`], 'activate', 'exit'];

  it.each([
    ['proxy-set', 'proxy-name'], ['message call-setup-rules', 'rules-set-name'], ['sbc routing ip2ip-routing', 'route-name'], ['future-table', 'name'],
  ])('is made once: %s', (table, parameter) => {
    const text = (lines: readonly string[]) => `${group(named, marked)}\nconfigure voip\n${lines.join('\n')}\nexit`;
    const message = `${table} "{{IpGroupName}}" is there from line 9: give each row a name of its own, or enter that one again by its name`;
    expect(checkTemplate('onboarding', text(twice(table, parameter)), [])).toEqual([{ line: 13, message }]);
    expect(refusals('onboarding', text(twice(table, parameter, `${parameter} "{{IpGroupName}}-2"`)))).toEqual([]);
    expect(refusals('onboarding', text(twice(table, parameter).join('\n').replace(`exit\n${table} new`, `exit\n${table} "{{IpGroupName}}"`).split('\n')))).toEqual([]);
    const [first, second] = [twice(table, parameter).slice(0, 4), twice(table, parameter).slice(4)];
    expect(refusals('onboarding', text([...sometimes(...first), '{{#if ProxySet}}', ...second, '{{/if}}']))).toEqual([]);
    expect(refusals('onboarding', text([...first, ...sometimes(...second)]))).toEqual([expect.stringContaining('is there from line 9')]);
  });
});

const inShared = (...lines: string[]) => ['configure voip', ' sbc dial-plan "Tenants"', ...lines.map((line) => `  ${line}`), ' exit', 'exit'].join('\n');
const ownRule = ['dial-plan-rule new', ' name "{{IpGroupName}}"', ' prefix "+49"', ' activate', 'exit'];

describe('a row inside one that belongs to all', () => {
  it.each([
    ['is the customer\'s own', ownRule], ['is made of the owner\'s mark', ['dial-plan-rule new', ' name "{{OwnerMark}}"', ' activate', 'exit']], ['is one of two', [...ownRule, ...ownRule.map((line) => line.replace('}}"', '}}-2"'))]],
  ])('is enough for an onboarding script: it %s', (_name, lines) => {
    expect(refusals('onboarding', inShared(...lines))).toEqual([]);
  });

  it.each([
    ['the name of all', ['dial-plan-rule new', 'name "Teams"', 'activate', 'exit'], 'same for all customers'], ['no name', ['dial-plan-rule new', 'prefix "+49"', 'activate', 'exit'], 'needs a name'],
    ['an index', ['dial-plan-rule 5', 'name "{{IpGroupName}}"', 'activate', 'exit'], 'make it with "new"'], ['a name as its key', ['dial-plan-rule "Teams"', 'prefix 5', 'activate', 'exit'], 'make it with "new"'],
    ['a parameter of the parent beside it', ['prefix-case-sensitivity case-insensitive', ...ownRule], 'belongs to all'], ['a parameter of the parent taken back', ['no prefix-case-sensitivity', ...ownRule], 'belongs to all'],
    ['a removal beside it', [...ownRule, 'no dial-plan-rule 3'], 'removes no rows'], ['nothing at all', [], 'same for all customers'],
    ['two of one name', [...ownRule, ...ownRule], 'is there from line 3'],
    ['the parent switched off behind it', [...ownRule, 'no activate'], 'switches it off'], ['the parent switched off before it', ['no activate', ...ownRule], 'switches it off'],
    ['no effect', ['dial-plan-rule new', 'name "{{IpGroupName}}"', 'no activate', 'exit'], 'switched off'],
  ])('is refused with %s', (_name, lines, message) => {
    expect(refusals('onboarding', inShared(...lines))).toContainEqual(expect.stringContaining(message));
  });

  it('is refused in a table that is not known, for nothing could find it again', () => {
    const text = ['configure voip', ' future-plan "Tenants"', '  future-rule new', '   name "{{IpGroupName}}"', '   activate', '  exit', ' exit', 'exit'].join('\n');
    expect(refusals('onboarding', text)).toEqual([expect.stringContaining('only in tables that are known')]);
    expect(refusals('cleanup', 'configure voip\n future-plan "Tenants"\n  no future-rule "{{IpGroupName}}"\n exit\nexit')).toEqual([expect.stringContaining('only in tables that are known')]);
  });

  it.each([
    ['by its name', ['no dial-plan-rule "{{IpGroupName}}"'], undefined], ['by an index', ['no dial-plan-rule 5'], 'not by an index'], ['that is another\'s', ['no dial-plan-rule "Teams"'], 'same for all customers'],
    ['and a parameter of its parent', ['no dial-plan-rule "{{IpGroupName}}"', 'prefix-case-sensitivity case-insensitive'], 'belongs to all'], ['and a parameter of its parent back', ['no prefix-case-sensitivity'], 'belongs to all'],
    ['and makes another', ['dial-plan-rule new', 'name "{{IpGroupName}}"', 'activate', 'exit'], 'makes no rows'], ['by two keys', ['no dial-plan-rule 0/5'], 'two indexes'],
  ])('is removed by a cleanup script %s', (_name, lines, message) => {
    expect(refusals('cleanup', inShared(...lines))).toEqual(message === undefined ? [] : expect.arrayContaining([expect.stringContaining(message)]));
  });
});

describe('a cleanup script', () => {
  it.each([
    ['the shared parent', ' no sbc dial-plan "Tenants"', 'same for all customers'], ['an address of a shared set', ' proxy-set "SIPTrunk"\n  no proxy-ip 0\n  activate\n exit', 'not by an index'],
    ['a parameter of a shared row', ' ip-group "Teams-OC"\n  type user\n  activate\n exit', 'belongs to all'],
    ['the effect of a shared row', ' ip-group "Teams-OC"\n  no activate\n exit\n no ip-group "{{IpGroupName}}"', 'switches it off'],
    ['a shared row in which it has nothing to remove', ' proxy-set "SIPTrunk"\n  activate\n exit', 'same for all customers'],
    ['the name of an own row', ' ip-group "{{IpGroupName}}"\n  name "everybody"\n  activate\n exit', 'leaves "name" of a row'],
    ['the mark of an own row', ' ip-group "{{IpGroupName}}"\n  no tags\n  activate\n exit', 'leaves "tags" of a row'],
    ['an address by two keys', ' no proxy-ip 1/0', 'two indexes'],
    ['an address of a stranger from a row of its own', ' proxy-set "{{IpGroupName}}"\n  no proxy-ip 1/0\n exit', 'two indexes'], ['a row by its index', ' ip-group 5\n  type user\n exit', 'may be anybody'],
    ['a row that it makes', ' ip-group new\n  name "{{IpGroupName}}"\n exit', 'makes no rows'], ['a row by the parts of its table', ' sbc\n  routing\n   no ip2ip-routing "Teams"\n  exit\n exit', 'same for all customers'],
    ['a row that is not known', ' no future-table "Teams"', 'same for all customers'], ['everything', ' no ip-group', 'not understood'],
  ])('does not reach %s', (_name, lines, message) => {
    expect(refusals('cleanup', `configure voip\n${lines}\nexit`)).toContainEqual(expect.stringContaining(message));
  });

  const opened = (...lines: string[]) => ['configure voip', ' proxy-set "{{IpGroupName}}"', ...lines.map((line) => `  ${line}`), '  activate', ' exit'];
  const removed = ' no proxy-set "{{IpGroupName}}"';

  it.each([
    ['never', []], ['before', [removed], true], ['in another table', [' no ip-group "{{IpGroupName}}"']], ['under another name', [' no proxy-set "{{IpGroupName}}-b"']],
    ['only sometimes', ['{{#if ProxySet}}', removed, '{{/if}}']],
  ])('opens no row that it removes %s', (_name, lines, isBefore = false) => {
    const [first = '', ...rest] = opened('no proxy-ip 0', 'proxy-keep-alive-time 5');
    const text = [first, ...isBefore ? lines : [], ...rest, ...isBefore ? [] : lines, 'exit'].join('\n');
    expect(checkTemplate('cleanup', text, [])).toEqual([{ line: isBefore ? 3 : 2, message: 'a cleanup script changes only rows that it removes after that: add no proxy-set "{{IpGroupName}}", or leave the row out' }]);
  });

  it('opens a row that it removes after that', () => {
    expect(refusals('cleanup', [...opened('no proxy-ip 0', 'no tls-context-name'), removed, 'exit'].join('\n'))).toEqual([]);
    const optional = ['{{#if ProxySet}}', ...opened('no proxy-ip 0').slice(1), removed, '{{/if}}'];
    expect(refusals('cleanup', ['configure voip', ...optional, ' no voip-network proxy-set "{{IpGroupName}}"', 'exit'].join('\n').replace(' proxy-set', ' voip-network proxy-set'))).toEqual([]);
  });

  it.each([['new', 'proxy-ip new'], ['by its index', 'proxy-ip 0'], ['of a kind that is not known', 'future-part new']])('makes no row inside one of its own: %s', (_name, line) => {
    const text = [...opened('activate', line, ' weight 1', ' activate', 'exit'), removed, 'exit'].join('\n');
    expect(checkTemplate('cleanup', text, [])).toEqual([{ line: 4, message: `a cleanup script makes no rows: leave ${line.split(' ')[0]} out, what stands inside a row goes with it` }]);
  });
});

describe('a removal by a shortened word', () => {
  it.each([
    ['of a table', 'no ip-gr "{{IpGroupName}}"', 'ip-gr', 'ip-group'], ['by its index', 'no ip-gr 5', 'ip-gr', 'ip-group'], ['of one of a table\'s words', 'no sbc rout ip2ip-routing "{{IpGroupName}}"', 'sbc rout ip2ip-routing', 'sbc routing ip2ip-routing'],
    ['of the last word after the others', 'sbc\nrouting\nno ip2ip-r "{{IpGroupName}}"', 'ip2ip-r', 'ip2ip-routing'], ['of another name of a table', 'no voip-n proxy-set "{{IpGroupName}}"', 'voip-n proxy-set', 'voip-network proxy-set'],
    ['of a row inside one of all', 'sbc dial-plan "Tenants"\nno dial-plan-r "{{IpGroupName}}"', 'dial-plan-r', 'dial-plan-rule'],
    ['of a table while a row is open', 'ip-group "{{IpGroupName}}"\nactivate\nno sip-i "{{IpGroupName}}"', 'sip-i', 'sip-interface'],
  ])('%s is refused with the whole word', (_name, lines, short, whole) => {
    expect(refusals('cleanup', `configure voip\n${lines}`)).toContain(`"${short}" is short for "${whole}": write the whole word`);
  });
});

describe('an onboarding script', () => {
  it.each(['# nothing', '', 'configure voip\nexit', 'show running-config', 'configure voip\n proxy-set new\n  proxy-name "{{IpGroupName}}"\n  activate\n exit\nexit'])('without a row that is the customer\'s by its mark is refused: %j', (text) => {
    expect(refusals('onboarding', text)).toEqual([expect.stringContaining('at least one row of the customer\'s own')]);
  });

  it('with optional rows, rows inside rows and parameters is accepted where each block is whole', () => {
    const withBlocks = ['configure voip', '{{#if ProxySet}}', ' proxy-set new', '  proxy-name "{{IpGroupName}}"', '  activate', '{{#if CacProfile}}', '  proxy-ip 0', '   proxy-address x.example.net', '   activate', '  exit', '{{/if}}', ' exit', '{{/if}}',
      ' ip-group new', named, '{{#if CacProfile}}', '# trunkline: default uui-format=disable', '  uui-format disable', '{{/if}}', marked, '  activate', ' exit', 'exit'];
    expect(refusals('onboarding', withBlocks.join('\n'))).toEqual([]);
    expect(refusals('onboarding', withBlocks.filter((line) => line !== '  exit').join('\n'))).toContainEqual(expect.stringContaining('whole rows'));
  });
});
