import type { FieldProblem } from './field-problem.js';
import { oneLine, quoted } from '../text/printable.js';
import type { ErrorCode } from './error-codes.js';

/** One thing wrong with a request, inside the limits of a message. */
export function fieldProblem(field: string, code: ErrorCode, message: string): FieldProblem {
  return { field: oneLine(field, 512), code, message: oneLine(message, 1024) };
}

/** Path of a property that the contract names or that the caller made up: `siteLocation.sbcId`, `["odd name"]`. */
export function propertyPath(parent: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]{0,63}$/.test(name)) return memberPath(parent, name);
  return parent === '' ? name : `${parent}.${name}`;
}

/** Path of an entry of a dictionary: `scriptParameters["CacProfile"]`. */
export function memberPath(parent: string, name: string): string {
  return `${parent}[${quoted(name)}]`;
}
