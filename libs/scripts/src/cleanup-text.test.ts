import { describe, expect, it } from 'vitest';
import { checkRendered, cleanupText, parseTemplate, readConfiguration, renderCommands, scriptText, Wanted } from './index.js';
import { customerGuid, sampleValues } from './sample-templates.testing.js';

function rendered(kind: 'onboarding' | 'cleanup', template: string) {
  const parsed = parseTemplate(template);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const commands = renderCommands(parsed.template, sampleValues);
  const { problems, ...script } = checkRendered(kind, commands, customerGuid, {});
  expect(problems).toEqual([]);
  return { ...script, text: scriptText(commands) };
}

/** What is sent to a device with this print; the rows of the onboarding script are those that the cleanup removes, where none is given. */
function cleaned(template: string, print: string, onboarding?: string): string {
  const { removes, text } = rendered('cleanup', template);
  return cleanupText(text, { removes, rows: onboarding === undefined ? removes : rendered('onboarding', onboarding).rows }, readConfiguration(print, 'all'));
}

const rule = (index: number, name: string) => `  dial-plan-rule ${index}\n   name "${name}"\n   activate\n  exit\n`;
const plan = (rules: string) => `configure voip\n sbc dial-plan 3\n  name "Tenants"\n  activate\n${rules} exit\n ip-group 7\n  name "Northwind7"\n  activate\n exit\nexit\n`;
const cleanup = 'configure voip\n sbc dial-plan "Tenants"\n  no dial-plan-rule "{{IpGroupName}}"\n exit\n no ip-group "{{IpGroupName}}"\n no proxy-set "{{IpGroupName}}"\nexit\n';

describe('a cleanup script on a device that was just read', () => {
  it.each([
    ['by its index, whatever is beside it', plan(rule(0, 'Fabrikam') + rule(41, 'Northwind7') + rule(42, 'Northwind77')), '  no dial-plan-rule 41\n'], ['at index 0', plan(rule(0, 'Northwind7')), '  no dial-plan-rule 0\n'],
    ['not at all where it is gone', plan(rule(0, 'Fabrikam')), ''], ['not at all where only the case of its name differs', plan(rule(0, 'northwind7')), ''],
  ])('removes a row of the customer inside one that belongs to all %s', (_name, print, line) => {
    expect(cleaned(cleanup, print)).toBe(`configure voip\n sbc dial-plan "Tenants"\n${line} exit\n no ip-group "Northwind7"\nexit\n`);
  });

  it('finds it where rules are printed beside their plan', () => {
    const beside = 'configure voip\nsbc dial-plan 3\nname Tenants\nexit\nsbc dial-plan 4\nname Other\nexit\nsbc dial-plan-rule 3/8\nname Northwind7\nexit\nsbc dial-plan-rule 4/9\nname Northwind7\nexit\nexit\n';
    expect(cleaned(cleanup, beside)).toBe('configure voip\n sbc dial-plan "Tenants"\n  no dial-plan-rule 8\n exit\nexit\n');
  });

  it('removes all of one name that read alike, the highest index first, and no others', () => {
    const twin = rule(9, 'Northwind7');
    const lines = '  no dial-plan-rule 9\n  no dial-plan-rule 4\n';
    expect(cleaned(cleanup, plan(rule(4, 'Northwind7') + twin))).toBe(`configure voip\n sbc dial-plan "Tenants"\n${lines} exit\n no ip-group "Northwind7"\nexit\n`);
    const other = twin.replace('activate', 'prefix "9999"\n   activate');
    expect(cleaned(cleanup, plan(rule(4, 'Northwind7') + other))).toBe('configure voip\n sbc dial-plan "Tenants"\n exit\n no ip-group "Northwind7"\nexit\n');
  });

  it('leaves a row that belongs to all switched off', () => {
    const off = plan(rule(41, 'Northwind7')).replace('"Tenants"\n  activate', '"Tenants"\n  no activate');
    expect(cleaned(cleanup, off)).toBe('configure voip\n sbc dial-plan "Tenants"\n  no activate\n  no dial-plan-rule 41\n exit\n no ip-group "Northwind7"\nexit\n');
  });

  it('removes nothing where nothing is left', () => {
    expect(cleaned(cleanup, 'configure voip\nexit\n')).toBe('configure voip\nexit\n');
  });

  it('is read in flat form and by the parts of a table', () => {
    const byParts = 'configure\nvoip\nsbc\ndial-plan "Tenants"\nno dial-plan-rule "{{IpGroupName}}"\nexit\nexit\nno ip-group "{{IpGroupName}}"\n';
    expect(cleaned(byParts, plan(rule(5, 'Northwind7')))).toBe('configure\nvoip\nsbc\ndial-plan "Tenants"\nno dial-plan-rule 5\nexit\nexit\nno ip-group "Northwind7"\n');
  });

  it('removes a row whose name has a word that is not known here', () => {
    const print = 'configure voip\n future-table 3\n  title "Northwind7"\n  activate\n exit\nexit\n';
    expect(cleaned('configure voip\n no future-table "{{IpGroupName}}"\nexit\n', print)).toBe('configure voip\n no future-table "Northwind7"\nexit\n');
    expect(cleaned('configure voip\n no future-table "{{IpGroupName}}"\nexit\n', print.replace('title', 'ip-group-name'))).toBe('configure voip\nexit\n');
  });

  const present = plan(rule(4, 'Northwind7'));
  const opening = 'ip-group "{{IpGroupName}}"\nno cac-profile\nactivate\n';
  const set = 'proxy-set "{{IpGroupName}}"\nproxy-keep-alive-time 5\nactivate\n';
  const removals = 'no ip-group "{{IpGroupName}}"\nno proxy-set "{{IpGroupName}}"\nexit\n';
  it.each([
    ['an own row', `configure voip\n${set}exit\n${removals}`, 'configure voip\nno ip-group "Northwind7"\nexit\n'],
    ['an own row by the parts of its table', 'configure voip\nsbc\ndial-plan "{{IpGroupName}}"\nname-of-it x\nexit\nexit\nno sbc dial-plan "{{IpGroupName}}"\n', 'configure voip\nsbc\nexit\n'],
    ['an own row without an exit', `configure voip\n${set}${removals}`, 'configure voip\nno ip-group "Northwind7"\nexit\n'],
    ['an own row that ends one without an exit', `configure voip\n${opening}sbc cac-profile "{{IpGroupName}}"\nlimit 5\nactivate\nexit\nno sbc cac-profile "{{IpGroupName}}"\n${removals}`, 'configure voip\nip-group "Northwind7"\nno cac-profile\nactivate\nexit\nno ip-group "Northwind7"\nexit\n'],
    ['an own row before one that is there', `configure voip\n${set}${opening}exit\n${removals}`, 'configure voip\nip-group "Northwind7"\nno cac-profile\nactivate\nexit\nno ip-group "Northwind7"\nexit\n'],
    ['a row that belongs to all', `configure voip\n sbc dial-plan "Gone"\n  no dial-plan-rule "{{IpGroupName}}"\n exit\n${removals}`, 'configure voip\nno ip-group "Northwind7"\nexit\n'],
    ['a row that belongs to all, in a menu', `configure voip\nsbc\ndial-plan "Gone"\nno dial-plan-rule "{{IpGroupName}}"\nexit\nexit\n${removals}`, 'configure voip\nsbc\nexit\nno ip-group "Northwind7"\nexit\n'],
  ])('opens only what is there: not %s', (_name, script, expected) => {
    expect(cleaned(script, present)).toBe(expected);
  });

  it('opens what is there, and what nothing is known of', () => {
    expect(cleaned(`configure voip\n${opening}exit\n${removals}`, present)).toBe('configure voip\nip-group "Northwind7"\nno cac-profile\nactivate\nexit\nno ip-group "Northwind7"\nexit\n');
    const script = 'configure voip\nproxy-set "Anybody"\nno proxy-ip 0\nexit\n';
    expect(cleanupText(script, { removes: [], rows: [] }, readConfiguration(present, 'all'))).toBe(script);
  });

  const address = (index: number, state = 'activate') => `  proxy-ip ${index}\n   proxy-address x\n   ${state}\n  exit\n`;
  const beside = (index: number) => ` proxy-ip 4/${index}\n  proxy-address x\n  activate\n exit\n`;
  const proxySet = (inside: string, after = '', state = 'activate') => `configure voip\n proxy-set 4\n  proxy-name "Northwind7"\n  ${state}\n${inside} exit\n${after}exit\n`;
  it.each([
    ['all of them', proxySet(address(0) + address(1)), [0, 1]], ['the one there is', proxySet(address(1)), [1]], ['none', proxySet(''), []],
    ['none of a row that was made in part', proxySet('', '', 'no activate'), []], ['one that was made in part', proxySet(address(0, 'no activate')), [0]],
    ['none of another index', proxySet(address(10)), []], ['one that is printed beside its row', proxySet('', beside(1)), [1]],
  ])('removes of the rows inside an own one by index only what is there: %s', (_name, print, indexes) => {
    const script = 'configure voip\n proxy-set "{{IpGroupName}}"\n  no proxy-ip 0\n  no proxy-ip 1\n  activate\n exit\n no proxy-set "{{IpGroupName}}"\nexit\n';
    const opened = ` proxy-set "Northwind7"\n${/^ {2}no activate/m.test(print) ? '  no activate\n' : ''}`;
    const sent = `configure voip\n${opened}${indexes.map((index) => `  no proxy-ip ${index}\n`).join('')}  activate\n exit\n no proxy-set "Northwind7"\nexit\n`;
    expect(cleaned(script, print)).toBe(sent);
    const { removes, text } = rendered('cleanup', script);
    expect(cleanupText(text, { removes, rows: removes }, readConfiguration(print, new Wanted(removes)))).toBe(sent);
  });

  it('finds a row by the name that the onboarding script states', () => {
    const onboarding = 'configure voip\n ip-group new\n  name "{{IpGroupName}}"\n  tags "Owner={{CustomerGuid}}"\n  activate\n exit\n # trunkline: name=rule-set-name\n sbc odd-table new\n  rule-set-name "{{IpGroupName}}"\n  activate\n exit\nexit\n';
    const print = 'configure voip\n sbc odd-table 3\n  rule-set-name "Northwind7"\n  activate\n exit\nexit\n';
    const script = 'configure voip\n no sbc odd-table "{{IpGroupName}}"\nexit\n';
    expect(cleaned(script, print, onboarding)).toBe('configure voip\n no sbc odd-table "Northwind7"\nexit\n');
    expect(cleaned(script, 'configure voip\nexit\n', onboarding)).toBe('configure voip\nexit\n');
  });

  it('removes a row that the device prints under another word for its table', () => {
    const print = plan(rule(4, 'Northwind7')).replace('ip-group 7', 'future-tables 7');
    expect(cleaned('configure voip\n no future-tab "{{IpGroupName}}"\nexit\n', print)).toBe('configure voip\n no future-tab "Northwind7"\nexit\n');
  });
});
