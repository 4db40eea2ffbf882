import { maxFieldProblems, maxJsonDepth } from '../limits.js';
import type { FieldProblem } from '../problem/field-problem.js';
import { fieldProblem, propertyPath } from '../problem/field-problem-of.js';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a property of this name would hide what every object has (`__proto__`, `constructor`, `toString`, ...). */
export function isUnsafeName(name: string): boolean {
  return name === 'prototype' || name in Object.prototype;
}

/** A property that the contract does not know. */
export function unknownProperty(path: string): FieldProblem {
  return fieldProblem(path, 'UNKNOWN_PROPERTY', `${path} is not a property of this request.`);
}

/** The own properties of an object that may be copied elsewhere. */
export function safeEntries(value: JsonObject): [string, unknown][] {
  return Object.entries(value).filter(([name]) => !isUnsafeName(name));
}

/**
 * What must not be anywhere in parsed JSON: names that would hide an object's own workings, and nesting deeper than 32.
 * Looks without recursion, so it can be given anything.
 */
export function inspectJson(root: unknown): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const waiting: { readonly value: object; readonly path: string; readonly depth: number }[] = [];
  const look = (value: unknown, path: string, depth: number): void => {
    if (typeof value === 'object' && value !== null) waiting.push({ value, path, depth });
  };
  look(root, '', 1);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path, depth } = next;
    if (depth > maxJsonDepth) return [fieldProblem('', 'MALFORMED_JSON', `The body is nested deeper than ${maxJsonDepth}.`)];
    if (Array.isArray(value)) {
      value.forEach((element, index) => look(element, `${path}[${index}]`, depth + 1));
      continue;
    }
    for (const [name, member] of Object.entries(value)) {
      const memberAt = propertyPath(path, name);
      if (isUnsafeName(name) && problems.length < maxFieldProblems) problems.push(unknownProperty(memberAt));
      look(member, memberAt, depth + 1);
    }
  }
  return problems;
}
