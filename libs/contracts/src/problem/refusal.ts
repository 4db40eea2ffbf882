import type { FieldProblem } from '../message/field-problem.js';
import { statusOf } from './error-codes.js';

/** Why a request is refused, as it travels between services. */
export interface Refusal {
  readonly status: 400 | 409 | 503;
  readonly errorCode: string;
  readonly errors: readonly FieldProblem[];
}

const ranks = [400, 409, 503] as const;
const maxErrors = 128;

/**
 * One refusal of all that was found, undefined when nothing was. 400 wins over 409 over 503, and what decided comes first;
 * what only may pass (503) is left out of a final refusal. At most 128 errors.
 */
export function refusalOf(problems: readonly FieldProblem[]): Refusal | undefined {
  const ranked = problems.map((found) => ({ found, status: ranks.find((rank) => rank === statusOf(found.code)) ?? 400 }));
  const status = ranks.find((rank) => ranked.some((each) => each.status === rank));
  if (status === undefined) return undefined;
  const decisive = ranked.filter((each) => each.status === status);
  const others = ranked.filter((each) => each.status !== status && each.status !== 503);
  const errors = [...decisive, ...others].map((each) => each.found).slice(0, maxErrors);
  return { status, errorCode: errors[0]?.code ?? 'BAD_REQUEST', errors };
}
