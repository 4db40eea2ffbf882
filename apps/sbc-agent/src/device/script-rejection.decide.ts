import { masked } from '@trunkline/scripts';

/** A script as it went out, for telling where it failed. */
export interface SentScript {
  readonly script: string;
  /** Values that may stand in no message. */
  readonly secrets: readonly string[];
}

export interface Rejection {
  /** Whether the output holds a failure marker outside the script's own words. */
  readonly hasMarker: boolean;
  /** `SBC rejected script at line n: …`, without a line where none can be told. */
  readonly message: string;
}

const longestDetail = 160;
// Enough for any failure a person would read, and little enough to be searched for every line of the script.
const longestSearched = 256 * 1024;
/** A prompt whose name holds no blank, or that has none: with a mode or without, and a star while something is unsaved. */
const plainPrompt = /(?:(?:(?<=^| )[\w-]*\*?)?\([\w/-]+\)|(?<=^| )[\w-]*)\*?[#>](?= |$)/g;
const named = /^([^#]+?)\*?(\([^()\s]*\))?\*?#(?: (.*))?$/;

/** Finds out of a device's texts at which line a script failed and why; the script's own words and its secrets stay out of it. */
export function rejectionMessage(sent: SentScript, answer: { readonly description: string; readonly output: string }, markers: readonly string[]): Rejection {
  const echoes = echoesOf(sent.script);
  const shown = answer.output.slice(0, longestSearched);
  const prompts = promptsIn(shown, sent.script);
  const printed = withoutPrompts(oneLine(shown), prompts);
  const output = withoutEchoes(printed, echoes);
  const description = withoutEchoes(withoutPrompts(oneLine(answer.description.slice(0, longestSearched)), prompts), echoes);
  const marker = markerIn(markers);
  const at = marker.exec(output);
  const line = numberedLine(description) ?? numberedLine(output.slice(Math.max(0, (at?.index ?? 0) - 80))) ?? echoedLine(sent.script, printed, marker);
  const reason = at ? sentenceAround(output, at.index) : description || output;
  const detail = reason.replace(/^.{0,20}?\bline\s*[:#]?\s*\d+\s*[:,.-]?\s*/i, '') || reason;
  const where = line === undefined ? '' : ` at line ${line}`;
  return { hasMarker: at !== null, message: `SBC rejected script${where}: ${presentable(detail, sent.secrets)}` };
}

// Only lines of two words and more: a bare `exit` is no sign, and taking it out would spoil the device's own sentences.
function echoesOf(script: string): string[] {
  const lines = script.split('\n').map(oneLine).filter((line) => line.includes(' '));
  const values = [...script.matchAll(/"[^"\n]+"/g)].map((found) => oneLine(found[0]));
  return [...new Set([...lines, ...values])].toSorted((one, other) => other.length - one.length);
}

function withoutEchoes(text: string, echoes: readonly string[]): string {
  return echoes.reduce((rest, echo) => rest.replaceAll(echo, ' … '), text);
}

function withoutPrompts(text: string, prompts: readonly RegExp[]): string {
  return prompts.reduce((rest, prompt) => rest.replaceAll(prompt, ' … '), text);
}

/** A name may hold blanks and any words: it is what stands before the sign of a line that shows a mode or a line of the script, or is the last one. */
function promptsIn(output: string, script: string): RegExp[] {
  const lines = output.split(/[\r\n]+/).map(oneLine).filter((line) => line !== '');
  const commands = script.split('\n').map(oneLine).filter((command) => command !== '');
  const counts = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const [, name, mode, typed = ''] = named.exec(line) ?? [];
    const isPrompt = mode !== undefined || (typed === '' ? index === lines.length - 1 : commands.some((command) => beginsWith(typed, command)));
    if (name !== undefined && isPrompt) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  // A line break that was lost puts other text before the name: it is rarer, and longer.
  const [name] = [...counts].toSorted(([one, oneCount], [other, otherCount]) => otherCount - oneCount || one.length - other.length)[0] ?? [];
  if (/* safeguard: prompt-is-no-reason */ name === undefined) return [plainPrompt];
  return [new RegExp(`${literally(name)}\\*?(?:\\([^()\\s]*\\))?\\*?[#>]`, 'g'), plainPrompt];
}

function beginsWith(text: string, command: string): boolean {
  return text.startsWith(command) && !/^[\w-]/.test(text.slice(command.length));
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function markerIn(markers: readonly string[]): RegExp {
  const words = markers.map((marker) => literally(marker.trim()).replaceAll(/\s+/g, '\\s+')).filter((word) => word !== '');
  // Without any marker nothing is a failure; an empty alternative would match everything.
  return words.length === 0 ? /(?!)/ : new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})(?![\\p{L}\\p{N}])`, 'iu');
}

function numberedLine(text: string): number | undefined {
  const found = /\bline\s*[:#]?\s*(\d{1,5})\b/i.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The last line of the script that is echoed before the failure. Line breaks of the output can't be trusted, its order can. */
function echoedLine(script: string, text: string, marker: RegExp): number | undefined {
  let at = 0;
  let last: { readonly line: number; readonly end: number } | undefined;
  const lines = script.split('\n').map(oneLine);
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const found = text.indexOf(line, at);
    if (found < 0) continue;
    if (last && marker.test(text.slice(last.end, found))) break;
    at = found + line.length;
    last = { line: index + 1, end: at };
  }
  return last && marker.test(text.slice(last.end)) ? last.line : undefined;
}

function sentenceAround(text: string, index: number): string {
  const start = Math.max(text.lastIndexOf('. ', index), text.lastIndexOf('…', index)) + 1;
  const end = /\. |…/.exec(text.slice(index));
  return text.slice(start, end ? index + end.index : undefined).trim();
}

function presentable(detail: string, secrets: readonly string[]): string {
  const text = masked(oneLine(detail), secrets).replaceAll(');(', '), (');
  if (text.replaceAll('…', '').trim() === '') return 'no reason given';
  return text.length > longestDetail ? `${text.slice(0, longestDetail - 1).trimEnd()}…` : text;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
