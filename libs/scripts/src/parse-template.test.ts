import { describe, expect, it } from 'vitest';
import { missingPlaceholders, parseTemplate, placeholders } from './index.js';
import { onboarding7 } from './sample-templates.testing.js';
import type { Template } from './template.js';

function parsed(text: string): Template {
  const result = parseTemplate(text);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.template;
}

describe('a script template', () => {
  it.each([
    ['a block that is never closed', 'configure voip\n{{#if A}}\nexit', 2, 'never closed'],
    ['an end without a block', 'exit\n{{/if}}', 2, 'without {{#if}}'],
    ['a block inside a line', 'name {{#if A}}"x"{{/if}}', 1, 'on a line of its own'],
    ['another block word', '{{#each A}}', 1, 'on a line of its own'],
    ['a block without a name', '{{#if}}', 1, 'on a line of its own'],
    ['braces that hold no name', 'name "{{ }}"', 1, 'unknown syntax'],
    ['a name that begins with a digit', 'name "{{1a}}"', 1, 'unknown syntax'],
    ['a name with a blank in it', 'name "{{a b}}"', 1, 'unknown syntax'],
    ['braces that stay open', 'name "{{A"', 1, 'unknown syntax'],
    ['closing braces alone', 'name "A}}"', 1, 'without "{{"'],
    ['a quote that stays open', '\nname "A', 2, 'closing quote is missing'],
    ['text glued to a quoted text', 'name "A"B', 1, 'blank is missing'],
    ['a quote inside a word', 'name A"B"', 1, 'quote inside a word'],
    ['a command taken from a value', '{{A}} x', 1, 'not with a value'],
    ['a quoted command', '"name" x', 1, 'not with a value'],
    ['a backslash beside a placeholder', 'name "{{A}}\\n"', 1, 'backslash'],
    ['a backslash before the closing quote', 'name "A\\"', 1, 'backslash'],
    ['an invisible character', 'name "A\u200b"', 1, 'invisible'],
    ['a line separator', 'name A\u2028exit', 1, 'invisible'],
  ])('is refused for %s', (_name, text, line, message) => {
    const result = parseTemplate(text);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.errors).toEqual([{ line, message: expect.stringContaining(message) }]);
  });

  it('reports every problem at once, each with its line', () => {
    const result = parseTemplate('name "{{ }}"\r\n{{/if}}\r\n# fine\r\n{{#if A}}');
    expect(result.ok ? [] : result.errors.map((error) => error.line)).toEqual([1, 2, 4]);
  });

  it('names what it uses once each', () => {
    const template = parsed(onboarding7);
    expect(placeholders(template).map((use) => use.name)).toEqual(['IpGroupName', 'ProxySet', 'CacProfile', 'MsTenantId', 'CustomerGuid']);
    expect(placeholders(template)[1]).toEqual({ name: 'ProxySet', line: 6 });
  });

  it('names what given values lack, an entered block included and an empty value as absent', () => {
    const template = parsed('name {{A}}\n{{#if B}}\nx {{B}}\n{{#if C}}\ny {{D}}\n{{/if}}\n{{/if}}');
    expect(missingPlaceholders(template, {})).toEqual(['A']);
    expect(missingPlaceholders(template, { A: 'a', C: 'c' })).toEqual([]);
    expect(missingPlaceholders(template, { A: '', B: 'b', C: 'c' })).toEqual(['A', 'D']);
    expect(missingPlaceholders(template, { A: 'a', B: 'b', C: 'c', D: 'd' })).toEqual([]);
  });

  it('does not take the properties every object has for values', () => {
    expect(missingPlaceholders(parsed('name {{constructor}}\n{{#if toString}}\nx 1\n{{/if}}'), {})).toEqual(['constructor']);
  });
});
