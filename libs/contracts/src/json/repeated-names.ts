import { maxFieldProblems } from '../limits.js';
import { fieldProblem, memberPath, propertyPath } from '../problem/field-problem-of.js';
import type { FieldProblem } from '../problem/field-problem.js';

const quote = 0x22, comma = 0x2c, backslash = 0x5c, openBrace = 0x7b, openBracket = 0x5b, closeBrace = 0x7d, closeBracket = 0x5d;

/** Where a property stands: names of properties and places in lists, from the outside. */
export type JsonPlace = readonly (string | number)[];

interface OpenObject {
  at: string;
  isNameNext: boolean;
  /** How often each name came. */
  readonly names: Map<string, number>;
}
interface OpenList {
  at: number;
}

/**
 * The places of names that stand more than once in one object of JSON text, each told once, at most `max`. JSON.parse keeps the last
 * value of such a name and never tells. Looks without recursion and takes any bytes; of what is no JSON it tells anything.
 */
export function repeatedNames(json: Uint8Array, max: number): JsonPlace[] {
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength);
  const open: (OpenObject | OpenList)[] = [];
  const found: JsonPlace[] = [];
  for (let at = 0; at < text.length && found.length < max; at++) {
    const byte = text[at];
    const inner = open.at(-1);
    if (byte === quote) {
      const end = endOfString(text, at + 1);
      if (inner && 'names' in inner && inner.isNameNext) {
        inner.at = nameOf(text.toString('utf8', at + 1, end));
        inner.isNameNext = false;
        const count = (inner.names.get(inner.at) ?? 0) + 1;
        inner.names.set(inner.at, count);
        if (count === 2) found.push(open.map((outer) => outer.at));
      }
      at = end;
    } else if (byte === openBrace) open.push({ at: '', isNameNext: true, names: new Map() });
    else if (byte === openBracket) open.push({ at: 0 });
    else if (byte === closeBrace || byte === closeBracket) open.pop();
    else if (byte === comma && inner) {
      if ('names' in inner) inner.isNameNext = true;
      else inner.at++;
    }
  }
  return found;
}

/**
 * A `PROPERTY_CONFLICT` for each name that stands twice in one object, at most 128. Equal values are refused as well: nobody means to
 * send a name twice, and readers of JSON differ in what they make of it.
 */
export function repeatedNameProblems(json: Uint8Array): FieldProblem[] {
  return repeatedNames(json, maxFieldProblems).map((place) => {
    const field = pathOf(place);
    return fieldProblem(field, 'PROPERTY_CONFLICT', `${field} is given twice in one object.`);
  });
}

function endOfString(text: Uint8Array, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== quote) at += text[at] === backslash ? 2 : 1;
  return at;
}

function nameOf(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    // No JSON, which somebody else refuses.
    return raw;
  }
}

function pathOf(place: JsonPlace): string {
  return place.reduce<string>((path, at) => {
    if (typeof at === 'number') return `${path}[${at}]`;
    // Entries of this dictionary are written in one way in all errors.
    return path.toLowerCase() === 'scriptparameters' ? memberPath(path, at) : propertyPath(path, at);
  }, '');
}
