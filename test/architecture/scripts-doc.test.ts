import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import * as scripts from '@trunkline/scripts';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const document = readFileSync(join(root, 'docs/scripts.md'), 'utf8');
// Where the sentences stand that people read about a script or a row.
const sources = ['read-script', 'check-script', 'check-template', 'limits', 'parse-template', 'parse-words', 'render-script', 'cli-command', 'compare-rows'];

/** The fixed parts of every text in a source that is a sentence, not a word of the device: what stands between values. */
function sentencesOf(source: string): string[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    if (ts.isTemplateExpression(node)) found.push(node.head.text, ...node.templateSpans.map(({ literal }) => literal.text));
    ts.forEachChild(node, visit);
  };
  visit(file);
  const parts = found.map((text) => text.trim().replace(/^[:;,.]\s*|[\s:"]+$/g, '')).filter((text) => /[a-z]+ +["a-z]+/.test(text));
  return [...new Set(parts)];
}

describe('the document about scripts', () => {
  it.each(sources)('lists every message of %s', (name) => {
    const sentences = sentencesOf(readFileSync(join(root, `libs/scripts/src/${name}.ts`), 'utf8'));
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.filter((sentence) => !document.includes(sentence))).toEqual([]);
  });

  const examples = [...document.matchAll(/^```(onboarding|cleanup)\n(.*?)^```$/gms)].map(([, kind, text]) => [kind!, text!] as const);
  it.each(examples)('shows a script that passes the check: %s\n%s', (kind, text) => {
    expect(scripts.checkTemplate(kind === 'onboarding' ? 'onboarding' : 'cleanup', text, ['PhonePrefix'])).toEqual([]);
  });

  it('shows the tables as the code has them; node scripts/generate-readme.mjs writes them anew', async () => {
    // By a name the compiler does not follow: the script is plain JavaScript.
    const generator = await import(pathToFileURL(join(root, 'scripts/lib/table-docs.mjs')).href) as { withDeviceTables(text: string, product: typeof scripts): string };
    expect(document).toBe(generator.withDeviceTables(document, scripts));
  });
});
