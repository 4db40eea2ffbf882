import { forbiddenCharacter } from '@trunkline/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate, RenderError, renderScript, withVariableNumbers } from './index.js';
import { cleanup700, onboarding7, sampleValues, unquotedTemplate } from './sample-templates.testing.js';
import type { Template } from './template.js';

function parsed(text: string): Template {
  const result = parseTemplate(text);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.template;
}

const render = (text: string, values: Record<string, string>) => renderScript(parsed(text), values);

function errorOf(act: () => unknown): RenderError {
  try {
    act();
  } catch (error) {
    if (error instanceof RenderError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** A reader of its own, character by character: what a device makes of a script. */
function readByCharacter(script: string): string[][] {
  return script.split('\n').map((line) => {
    const words: string[] = [];
    let word: string | undefined;
    let isQuoted = false;
    for (const character of line) {
      if (character === '"') {
        if (!isQuoted) word ??= '';
        isQuoted = !isQuoted;
      } else if (character === ' ' && !isQuoted) {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else {
        word = (word ?? '') + character;
      }
    }
    if (word !== undefined) words.push(word);
    return words;
  }).filter((words) => words.length > 0);
}

/** The template's own lines with the values put in as words, made without the renderer. */
function expected(text: string, values: Record<string, string>): string[][] {
  const skipped: boolean[] = [];
  const lines: string[][] = [];
  for (const line of text.split('\n').map((each) => each.trim()).filter((each) => each !== '' && !each.startsWith('#'))) {
    const condition = /^\{\{#if (\w+)\}\}$/.exec(line);
    if (condition) skipped.push(!values[condition[1] ?? '']);
    else if (line === '{{/if}}') skipped.pop();
    else if (!skipped.includes(true)) {
      lines.push(line.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, '{{$1}}').split(' ')
        .map((word) => word.replaceAll('"', '').replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => values[name] ?? '')));
    }
  }
  return lines;
}

// Every character and word a reader could trip over: some are legal and have to arrive as they are, some have to be refused.
const tricky = fc.constantFrom(
  '{{IpGroupName}}', '{{#if A}}', '{{/if}}', ' exit', 'exit', ' no ip-group', 'new', '#', '!', '\'', '`', '$(x)', '?', '|', '}}', '{{', ' ', '\u00a0', '%0a', 'Owner', '5',
);
const illegal = fc.constantFrom(
  '"', '\\', '\n', '\r', '\t', '\0', '\u0085', '\u2028', '\u2029', '\u200b', '\ufeff', '\ud800', '\udc00', '\ue000', ';', '=',
);
const legalValue = fc.array(fc.oneof(fc.string({ unit: fc.constantFrom(...'aZ09_.:@+-Éß東'), maxLength: 6 }), tricky), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
const anyValue = fc.array(fc.oneof(legalValue, illegal, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 3 }).map((parts) => parts.join(''));
const value = fc.oneof({ weight: 15, arbitrary: legalValue }, { weight: 1, arbitrary: anyValue });
const values = fc.record({ IpGroupName: value, MsTenantId: value, CustomerGuid: value, ProxySet: value, CacProfile: value, CarrierHostName: value });

const inTags: Record<string, readonly string[]> = { [onboarding7]: ['MsTenantId', 'CustomerGuid'], [unquotedTemplate]: ['CustomerGuid'], [cleanup700]: [] };
const needed: Record<string, readonly string[]> = {
  [onboarding7]: ['IpGroupName', 'MsTenantId', 'CustomerGuid'], [unquotedTemplate]: ['IpGroupName', 'CarrierHostName', 'CustomerGuid'], [cleanup700]: ['IpGroupName'],
};
const optional: Record<string, readonly string[]> = { [onboarding7]: ['ProxySet', 'CacProfile'], [unquotedTemplate]: [], [cleanup700]: [] };

function isRefused(template: string, given: Record<string, string>): boolean {
  const isBad = (text: string) => /[\p{C}\p{Zl}\p{Zp}"\\]/u.test(text);
  return (needed[template] ?? []).some((name) => given[name] === '' || isBad(given[name] ?? ''))
    || (optional[template] ?? []).some((name) => isBad(given[name] ?? ''))
    || (inTags[template] ?? []).some((name) => /[;=]/.test(given[name] ?? ''));
}

describe('a rendered script', () => {
  it('is the template without its remarks and its unused optional lines', () => {
    expect(render(onboarding7, { ...sampleValues, CacProfile: '10 sessions', ProxySet: '' })).toBe(`configure voip
 ip-group new
  name "Northwind7"
  type server
  cac-profile "10 sessions"
  tags "Trunk=0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11;Owner=5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10"
  activate
 exit
 sbc routing ip2ip-routing new
  route-name "Northwind7-in"
  src-ip-group-name "Teams-OC"
  dst-ip-group-name "Northwind7"
  activate
 exit
exit
`);
  });

  it.each([
    ['a plain value stays bare', 'name {{A}}', { A: 'sip.example-1.net:5061' }, 'name sip.example-1.net:5061\n'],
    ['blanks inside a value are kept', 'action-value   \'a  b\' +\t{{A}}  ', { A: 'c' }, 'action-value \'a  b\' +\tc\n'],
    ['blanks between other words become one', 'ip-group   new', {}, 'ip-group new\n'],
    ['a value with a blank is quoted', 'name {{A}}', { A: '10 sessions' }, 'name "10 sessions"\n'],
    ['the whole word is quoted when a part of it needs it', 'name {{A}}-in', { A: 'a;b' }, 'name "a;b-in"\n'],
    ['an instruction word is quoted', 'ip-group {{A}}', { A: 'new' }, 'ip-group "new"\n'],
    ['an instruction word made of two values is quoted', 'ip-group {{A}}{{B}}', { A: 'ne', B: 'w' }, 'ip-group "new"\n'],
    ['a value is never expanded again', 'name "{{A}}"', { A: '{{B}}', B: 'x' }, 'name "{{B}}"\n'],
    ['letters of any language pass', 'name "{{A}}"', { A: 'Čedok 東京 O\'Neil' }, 'name "Čedok 東京 O\'Neil"\n'],
    ['a block is sent for its name, whatever it holds', '{{#if A}}\nname x\n{{/if}}', { A: '0' }, 'name x\n'],
  ])('%s', (_name, template, given, script) => {
    expect(render(template, given)).toBe(script);
  });

  it.each([
    ['a line feed', 'a\nb', 'U+000A'], ['a carriage return', 'a\rb', 'U+000D'], ['NUL', 'a\0b', 'U+0000'], ['a tab', 'a\tb', 'U+0009'],
    ['a next-line character', 'a\u0085b', 'U+0085'], ['a zero-width blank', 'a\u200bb', 'U+200B'], ['a direction mark', 'a\u202eb', 'U+202E'],
    ['a lone surrogate', 'a\ud83d', 'U+D83D'], ['a private character', 'a\ue000', 'U+E000'], ['an unassigned character', 'a\u{e0fff}', 'U+E0FFF'],
    ['a line separator', 'a\u2028b', 'U+2028'], ['a paragraph separator', 'a\u2029b', 'U+2029'], ['a quote', 'a"b', 'U+0022'], ['a backslash', 'a\\', 'U+005C'],
  ])('is refused for %s, naming the variable and not the value', (_name, given, character) => {
    const error = errorOf(() => render('name "{{Secret}}"', { Secret: given }));
    expect([error.variable, error.reason]).toEqual(['Secret', 'forbidden-character']);
    expect(error.message).toBe(`Secret holds the character ${character}, which a script may not contain`);
  });

  it('is refused when a value would add a tag to a tag list', () => {
    expect(errorOf(() => render('tags "A={{A}}"', { A: 'x;Owner=y' })).variable).toBe('A');
  });

  it.each([['absent', {}], ['empty', { A: '' }], ['inherited', Object.create({ A: 'x' }) as Record<string, string>]])('is refused when a needed value is %s', (_name, given) => {
    expect(errorOf(() => render('name {{A}}', given))).toMatchObject({ variable: 'A', reason: 'missing' });
  });

  it('reads for 1,000 sets of values as exactly the template\'s commands, or is refused', () => {
    const templates = fc.constantFrom(onboarding7, cleanup700, unquotedTemplate);
    let rendered = 0;
    fc.assert(fc.property(templates, values, (template, given) => {
      if (isRefused(template, given)) {
        expect(() => render(template, given)).toThrow(RenderError);
        return;
      }
      rendered += 1;
      const script = render(template, given);
      expect(readByCharacter(script)).toEqual(expected(template, given));
      expect(render(template, given)).toBe(script);
    }), { numRuns: 3000 });
    expect(rendered).toBeGreaterThan(1000);
  });

  it('accepts a character exactly when it is outside the forbidden categories', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), (character) => {
      const isAllowed = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]$/u.test(character) && character !== '"' && character !== '\\';
      expect(forbiddenCharacter(character) === undefined).toBe(isAllowed);
    }), { numRuns: 5000 });
  });
});

describe('declared variables', () => {
  it('are known by name and by number, whichever the value came under', () => {
    expect(withVariableNumbers({ 'B': 'b', 'CustomVar.Variable1': 'a', 'CacProfile': '10 sessions' }, ['A', 'B', 'C'])).toEqual({
      'CacProfile': '10 sessions', 'A': 'a', 'CustomVar.Variable1': 'a', 'B': 'b', 'CustomVar.Variable2': 'b',
    });
  });
});
