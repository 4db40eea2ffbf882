import { isStatement, readStatement, type Statement } from './cli-command.js';
import { parseWords } from './parse-words.js';
import type { OptionalBlock, ParsedTemplate, TemplateNode, TemplateProblem } from './template.js';

const blockStart = /^\{\{\s*#if\s+([A-Za-z][A-Za-z0-9_.-]*)\s*\}\}$/;
const blockEnd = /^\{\{\s*\/if\s*\}\}$/;
// A template is data of an operator: what can't be seen in an editor is not sent to a device.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** Texts are kept with what they were parsed to: one template is read for each of thousands of customers. */
const longestKept = 16 * 1024;
const mostKept = 64;
const kept = { withRemarks: new Map<string, ParsedTemplate>(), withPlainSigns: new Map<string, ParsedTemplate>() } as const;

/**
 * Parses a template; remarks (`#` or `!` at the beginning of a line, `#` after a command) and blank lines are dropped, remarks for us are kept with the
 * line after them. Every problem is reported with its line. `hasPlainSigns` is the language of earlier versions: `#` and `?` inside a line are
 * characters like others, and no remark is for us.
 */
export function parseTemplate(text: string, { hasPlainSigns = false } = {}): ParsedTemplate {
  const known = hasPlainSigns ? kept.withPlainSigns : kept.withRemarks;
  const before = known.get(text);
  if (before) return before;
  const parsed = parse(text, hasPlainSigns);
  if (text.length <= longestKept) {
    for (const oldest of known.keys()) if (known.size >= mostKept) known.delete(oldest);
    known.set(text, parsed);
  }
  return parsed;
}

function parse(text: string, hasPlainSigns: boolean): ParsedTemplate {
  const errors: TemplateProblem[] = [];
  const root: TemplateNode[] = [];
  const open: { readonly block: OptionalBlock; readonly nodes: TemplateNode[] }[] = [];
  let statements: Statement[] = [];

  text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/).forEach((source, index) => {
    const line = index + 1;
    const content = source.trim();
    if (content === '' || /^[#!]/.test(content)) {
      const statement = hasPlainSigns ? undefined : readStatement(content, line);
      if (statement && 'message' in statement) errors.push({ line, message: statement.message });
      else if (statement) statements.push(statement);
      return;
    }
    const nodes = open.at(-1)?.nodes ?? root;

    const start = blockStart.exec(content);
    if (start || blockEnd.test(content)) {
      errors.push(...statements.map((statement) => ({ line: statement.line, message: 'this "# trunkline:" stands before the beginning or the end of a block: put it before a line' })));
      statements = [];
    }
    if (start) {
      const inner: TemplateNode[] = [];
      const block: OptionalBlock = { kind: 'optional', line, name: start[1] ?? '', nodes: inner };
      nodes.push(block);
      open.push({ block, nodes: inner });
      return;
    }
    if (blockEnd.test(content)) {
      if (!open.pop()) errors.push({ line, message: '{{/if}} without {{#if}}' });
      return;
    }
    if (/\{\{\s*[#/]/.test(content)) {
      errors.push({ line, message: 'only {{#if Name}} and {{/if}} are known, each on a line of its own' });
      return;
    }
    if (unprintable.test(content.replaceAll('\t', ' '))) {
      errors.push({ line, message: 'a control or invisible character' });
      return;
    }
    const parsed = parseWords(content, hasPlainSigns);
    if ('message' in parsed) {
      errors.push({ line, message: parsed.message });
    } else if (isStatement(parsed.remark)) {
      errors.push({ line, message: 'a "# trunkline:" stands on a line of its own, before the line it is for' });
    } else {
      nodes.push({ kind: 'command', line, indent: /^[ \t]*/.exec(source)?.[0] ?? '', words: parsed.words, statements });
      statements = [];
    }
  });

  for (const statement of statements) errors.push({ line: statement.line, message: 'no line follows for this "# trunkline:"' });
  for (const { block } of open) errors.push({ line: block.line, message: `{{#if ${block.name}}} is never closed` });
  return errors.length > 0 ? { ok: false, errors } : { ok: true, template: { nodes: root } };
}
