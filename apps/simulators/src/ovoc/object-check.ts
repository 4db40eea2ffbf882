import type { Field, Resource } from './resources.js';

export interface Checked {
  readonly values: Record<string, string | number>;
  readonly problem?: string;
}

/** Checks a body by itself: known fields, right types, the required ones there when it is new. */
export function checkObject({ fields }: Resource, body: unknown, isNew: boolean): Checked {
  const values: Record<string, string | number> = {};
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { values, problem: 'The body must be an object' };
  for (const [name, value] of Object.entries(body)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) return { values, problem: `Unknown field ${name}` };
    if (value === null || value === undefined) continue;
    const problem = problemOf(name, value, field);
    if (problem !== undefined) return { values, problem };
    values[name] = value as string | number;
  }
  const missing = Object.keys(fields).find((name) => isNew && fields[name]?.isRequired && (values[name] === undefined || values[name] === ''));
  return missing === undefined ? { values } : { values, problem: `Field ${missing} is missing` };
}

function problemOf(name: string, value: unknown, { type, choices }: Field): string | undefined {
  if (type === 'integer') return Number.isSafeInteger(value) ? undefined : `Field ${name} must be an integer`;
  if (typeof value !== 'string') return `Field ${name} must be a string`;
  if (value.length > 255) return `Field ${name} is longer than 255 characters`;
  if (type === 'guid' && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return `Field ${name} must be a GUID`;
  return choices && !choices.includes(value) ? `Field ${name} must be one of ${choices.join(', ')}` : undefined;
}
