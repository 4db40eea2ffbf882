import { type ErrorCode, type FieldProblem, type ProblemFacts, statusOf } from '@trunkline/contracts';

export interface RefusedOptions {
  /** Every problem found; the first one's message becomes the detail unless one is given. */
  readonly errors?: readonly FieldProblem[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem object. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** A request that is not carried out. Thrown anywhere below a controller, it becomes a problem+json answer. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(readonly status: ProblemFacts['status'], readonly errorCode: string, readonly detail: string, readonly options: RefusedOptions = {}) {
    super(detail);
  }
}

/** Seconds a caller should wait before he asks again. */
export const retryAfter = (seconds: number): { readonly headers: Readonly<Record<string, string>> } => ({ headers: { 'retry-after': String(seconds) } });

/** A refusal with the status that belongs to its code. */
export function refused(code: ErrorCode, detail: string, options: RefusedOptions = {}): Refused {
  return new Refused(statusOf(code), code, detail, options);
}

/** All problems of a request at once. */
export function refusedFor(errors: readonly FieldProblem[]): Refused {
  const [first] = errors;
  const code = first?.code ?? 'BAD_REQUEST';
  return new Refused(statusOf(code), code, first?.message ?? 'The request is not valid.', { errors });
}
