import { type DeploymentAction, deploymentActions, fieldProblem, type FieldProblem, forbiddenCharacter, maxOperatorReasonLength } from '@trunkline/contracts';

export interface ActionRequest {
  readonly action: DeploymentAction;
  readonly reason: string | undefined;
}

/** Which action a path and a body ask for; undefined for a path that names none. Whoever abandons says why. */
export function readAction(name: string, body: unknown): { ok: true; request: ActionRequest } | { ok: false; errors: FieldProblem[] } | undefined {
  const action = deploymentActions.find((known) => known === name);
  if (!action) return undefined;
  if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body))) {
    return { ok: false, errors: [fieldProblem('', 'MALFORMED_JSON', 'The body must be an object, or absent.')] };
  }
  const given = Object.entries(body ?? {});
  const errors = given.filter(([property]) => property !== 'reason').map(([property]) => fieldProblem(property, 'UNKNOWN_PROPERTY', `${property} is not a property of this request.`));
  const reason: unknown = given.find(([property]) => property === 'reason')?.[1] ?? undefined;
  if (reason !== undefined && typeof reason !== 'string') errors.push(fieldProblem('reason', 'WRONG_TYPE', 'reason must be a string.'));
  else if (reason !== undefined && (reason.trim() === '' || reason.length > maxOperatorReasonLength)) errors.push(fieldProblem('reason', 'BAD_REQUEST', `reason must be 1-${maxOperatorReasonLength} characters.`));
  else if (reason !== undefined && forbiddenCharacter(reason)) errors.push(fieldProblem('reason', 'BAD_REQUEST', `reason may not hold ${forbiddenCharacter(reason)}.`));
  if (action === 'abandon' && reason === undefined) errors.push(fieldProblem('reason', 'REQUIRED', 'reason is required: what was left, and who looks after it.'));
  return errors.length > 0 ? { ok: false, errors } : { ok: true, request: { action, reason: typeof reason === 'string' ? reason : undefined } };
}
