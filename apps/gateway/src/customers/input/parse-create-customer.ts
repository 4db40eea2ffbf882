import {
  candidateProblems, canonicalParameter, type CreateCustomerResult, type FieldProblem, inspectJson, isJsonObject, maxFieldProblems, propertyPath, trimBlanks,
  unknownProperty, validateCreateCustomer,
} from '@trunkline/contracts';

import { collectVariables, readScriptParameters } from './given-parameters.js';
import { digitsToInteger, type Normalisers, readSpellings } from './spellings.js';

const asItIs = (value: unknown): unknown => value;

const siteNormalisers: Normalisers = { sbcId: digitsToInteger, sbcOnboardingScript: digitsToInteger, sbcCleanupScript: digitsToInteger };

const bodyNormalisers: Normalisers = {
  shortName: asItIs,
  // An empty full name is an absent one.
  fullName: (value) => (typeof value === 'string' ? trimBlanks(value) || undefined : value),
  siteLocation: (value) => (Array.isArray(value) && value.length === 1 ? value[0] as unknown : value),
  ovocCustomerType: asItIs,
  msTenantId: (value) => (typeof value === 'string' ? value.toLowerCase() : value),
  channelId: digitsToInteger,
  lcCustomerId: digitsToInteger,
  scriptParameters: asItIs,
};

/**
 * Reads the body of a create request with all the freedom the contract gives a caller, and checks what came of it by the rules of
 * `CreateCustomerRequest`. Takes any parsed JSON, never throws, and reports every problem at once.
 */
export function parseCreateCustomer(body: unknown): CreateCustomerResult {
  const found = inspectJson(body);
  // Too deep to be looked at any further, or no object.
  if (!isJsonObject(body) || found.some((problem) => problem.code === 'MALFORMED_JSON')) return validateCreateCustomer(body, found);

  const { known: fields, others, conflicts } = readSpellings(body, bodyNormalisers, '');
  const site = readSite(fields['siteLocation']);
  const variables = readVariables(fields['scriptParameters'], others);
  const isFullNameGiven = fields['fullName'] !== undefined;
  const normal = {
    ...fields,
    ...isFullNameGiven ? {} : { fullName: fields['shortName'] },
    siteLocation: site.value, scriptParameters: variables.scriptParameters, candidates: variables.candidates,
  };
  const result = validateCreateCustomer(normal, [...found, ...conflicts, ...site.conflicts, ...variables.problems]);
  if (result.ok || isFullNameGiven) return result;
  // Nobody gave the full name, so it is not the full name that is wrong.
  return { ok: false, errors: result.errors.filter((problem) => problem.field !== 'fullName') };
}

function readSite(value: unknown): { readonly value: unknown; readonly conflicts: readonly FieldProblem[] } {
  if (!isJsonObject(value)) return { value, conflicts: [] };
  const { known, others, conflicts } = readSpellings(value, siteNormalisers, 'siteLocation');
  return { value: { ...Object.fromEntries(others), ...known }, conflicts };
}

interface GivenVariables {
  readonly scriptParameters: unknown;
  readonly candidates: Record<string, unknown>;
  readonly problems: readonly FieldProblem[];
}

function readVariables(scriptParameters: unknown, others: readonly (readonly [string, unknown])[]): GivenVariables {
  const parameters = others.filter(([name]) => canonicalParameter(name) !== undefined);
  const ownNames = others.filter(([name]) => canonicalParameter(name) === undefined);
  const isCandidate = ([, value]: readonly [string, unknown]): boolean => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

  const inField = readScriptParameters(scriptParameters);
  const all = collectVariables('scriptParameters', [...inField?.given ?? [], ...parameters]);
  const neither = ownNames.filter((entry) => !isCandidate(entry)).slice(0, maxFieldProblems);
  const candidates = collectVariables('candidates', ownNames.filter(isCandidate));
  const inCandidates = candidateProblems(candidates.variables);
  return {
    scriptParameters: inField ? all.variables : scriptParameters,
    // The rules of the normal form would tell of them again, by a name that no caller knows.
    candidates: inCandidates.length > 0 ? {} : candidates.variables,
    problems: [
      ...inField?.problems ?? [], ...all.conflicts, ...candidates.conflicts, ...neither.map(([name]) => unknownProperty(propertyPath('', name))), ...inCandidates,
    ],
  };
}
