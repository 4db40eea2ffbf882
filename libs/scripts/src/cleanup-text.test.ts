import { describe, expect, it } from 'vitest';
import { checkRendered, cleanupText, parseTemplate, readConfiguration, renderCommands, scriptText } from './index.js';
import { customerGuid, sampleValues } from './sample-templates.testing.js';

function cleaned(template: string, print: string): string {
  const parsed = parseTemplate(template);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const commands = renderCommands(parsed.template, sampleValues);
  const { problems, removes } = checkRendered('cleanup', commands, customerGuid, {});
  expect(problems).toEqual([]);
  return cleanupText(scriptText(commands), removes, readConfiguration(print, 'all'));
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

  it('leaves a row that belongs to all switched off', () => {
    const off = plan(rule(41, 'Northwind7')).replace('"Tenants"\n  activate', '"Tenants"\n  no activate');
    expect(cleaned(cleanup, off)).toBe('configure voip\n sbc dial-plan "Tenants"\n  no activate\n  no dial-plan-rule 41\n exit\n no ip-group "Northwind7"\nexit\n');
  });

  it('removes nothing where nothing is left', () => {
    expect(cleaned(cleanup, 'configure voip\nexit\n')).toBe('configure voip\n sbc dial-plan "Tenants"\n exit\nexit\n');
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
});
