import { validateSync, type ValidationError } from 'class-validator';

import { maxFieldProblems } from '../limits.js';
import type { FieldProblem } from '../problem/field-problem.js';
import type { ErrorCode } from '../problem/error-codes.js';
import { fieldProblem, propertyPath } from '../problem/field-problem-of.js';
import { CreateCustomerRequest } from './create-customer-request.js';
import { inspectJson, isJsonObject, type JsonObject, safeEntries, unknownProperty } from '../json/inspect-json.js';
import { variableProblems } from './rules/variables.js';
import { SiteLocation } from './site-location.js';

export type CreateCustomerResult =
  | { readonly ok: true; readonly request: CreateCustomerRequest }
  | { readonly ok: false; readonly errors: readonly FieldProblem[] };

const requestFields: ReadonlySet<string> = new Set([
  'shortName', 'fullName', 'siteLocation', 'ovocCustomerType', 'msTenantId', 'channelId', 'lcCustomerId', 'scriptParameters', 'candidates',
] satisfies (keyof CreateCustomerRequest)[]);
const siteFields: ReadonlySet<string> = new Set(['sbcId', 'sbcOnboardingScript', 'sbcCleanupScript'] satisfies (keyof SiteLocation)[]);

/**
 * Checks a request that claims to be in the normal form, strictly: an unknown property is an error. Takes any JSON, never throws.
 * @param found what is known to be wrong with it; names that `inspectJson` reports are left out of what is checked
 */
export function validateCreateCustomer(request: unknown, found: readonly FieldProblem[] = inspectJson(request)): CreateCustomerResult {
  if (found.some((problem) => problem.code === 'MALFORMED_JSON')) return { ok: false, errors: found };
  if (!isJsonObject(request)) return { ok: false, errors: [fieldProblem('', 'MALFORMED_JSON', 'The body must be a JSON object.')] };
  const { instance, unknown } = instanceOf(request);
  const errors = [...brokenRules(instance), ...found, ...unknown];
  return errors.length === 0 ? { ok: true, request: instance } : { ok: false, errors: errors.slice(0, maxFieldProblems) };
}

function instanceOf(request: JsonObject): { instance: CreateCustomerRequest; unknown: FieldProblem[] } {
  const { siteLocation, scriptParameters, candidates, ...fields } = Object.fromEntries(known(request, requestFields));
  const instance = Object.assign(new CreateCustomerRequest(), fields, present({
    siteLocation: siteOf(siteLocation),
    scriptParameters: copyOf(scriptParameters), candidates: copyOf(candidates),
  }));
  const inSite = isJsonObject(siteLocation) ? unknownProperties(siteLocation, siteFields, 'siteLocation') : [];
  return { instance, unknown: [...inSite, ...unknownProperties(request, requestFields, '')] };
}

function siteOf(value: unknown): unknown {
  if (isJsonObject(value)) return Object.assign(new SiteLocation(), Object.fromEntries(known(value, siteFields)));
  // Refused for its length whatever it holds; class-validator must not see that, some objects make it throw.
  return Array.isArray(value) ? value.slice(0, 2).map(() => null) : value;
}

function known(value: JsonObject, fields: ReadonlySet<string>): [string, unknown][] {
  return Object.entries(value).filter(([name, member]) => fields.has(name) && member !== undefined);
}

function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function copyOf(dictionary: unknown): unknown {
  return isJsonObject(dictionary) ? Object.fromEntries(safeEntries(dictionary)) : dictionary;
}

// Not left to class-validator's whitelist, which takes names such as `hasOwnProperty` for known ones.
function unknownProperties(value: JsonObject, fields: ReadonlySet<string>, path: string): FieldProblem[] {
  return safeEntries(value).filter(([name]) => !fields.has(name)).slice(0, maxFieldProblems).map(([name]) => unknownProperty(propertyPath(path, name)));
}

function brokenRules(instance: CreateCustomerRequest): FieldProblem[] {
  return validateSync(instance, { forbidUnknownValues: true, validationError: { target: false, value: false } }).flatMap((error) => {
    if (error.property === 'scriptParameters' || error.property === 'candidates') return variableProblems(error.property, instance[error.property]);
    return problemsOf(error, '');
  });
}

function problemsOf(error: ValidationError, path: string): FieldProblem[] {
  const at = propertyPath(path, error.property);
  // Decorators run from the last to the first; callers read the first rule first.
  const own = Object.entries(error.constraints ?? {}).filter(([code]) => code !== 'nestedValidation').reverse();
  // The constraints of these classes are named by their codes.
  if (own.length > 0) return own.map(([code, message]) => fieldProblem(at, code as ErrorCode, message));
  return (error.children ?? []).flatMap((child) => problemsOf(child, at));
}
