/** One word of a CLI line; a quoted word is always a value. */
export interface CliWord {
  readonly text: string;
  readonly quoted: boolean;
  /** Placeholders its text comes from; in the words of a template they stand in the text as `{{Name}}`. */
  readonly uses: readonly string[];
  /** The blanks before it inside a value, where they are not one blank. */
  readonly before?: string;
}

/** What a template says of its next line, in a remark `# trunkline: …`. */
export type Statement =
  | { readonly kind: 'name'; readonly line: number; readonly parameter: string }
  | { readonly kind: 'default'; readonly line: number; readonly parameter: string; readonly value: string };

/** One line of CLI text, numbered from 1. */
export interface CliCommand {
  readonly line: number;
  readonly words: readonly CliWord[];
  /** The blanks before it. A device passes them over; where a line could mean two things they say what its author means. */
  readonly indent?: string;
  readonly statements?: readonly Statement[];
}

const statementStart = /^[#!]\s*trunkline\s*:\s*/i;
const nameStatement = /^name\s*=\s*([A-Za-z][\w-]*)$/;
const defaultStatement = /^default\s+([A-Za-z][\w-]*)\s*=\s*(?:"([^"]*)"|([^"]*))$/;

/** The words as they are sent. */
export function lineText(words: readonly CliWord[]): string {
  return words.map(({ before = ' ', quoted, text }, at) => `${at === 0 ? '' : before}${quoted ? `"${text}"` : text}`).join('');
}

/** Whether a remark is for us. */
export function isStatement(remark: string): boolean {
  return statementStart.test(remark);
}

/** Reads a remark: undefined for one that is for people only. */
export function readStatement(remark: string, line: number): Statement | { readonly message: string } | undefined {
  if (!isStatement(remark)) return undefined;
  const text = remark.replace(statementStart, '').trim();
  const name = nameStatement.exec(text);
  if (name) return { kind: 'name', line, parameter: name[1] ?? '' };
  const stated = defaultStatement.exec(text);
  if (stated) return { kind: 'default', line, parameter: stated[1] ?? '', value: (stated[2] ?? stated[3] ?? '').trim() };
  return { message: 'after "# trunkline:" stands name=<parameter> or default <parameter>=<value>' };
}
