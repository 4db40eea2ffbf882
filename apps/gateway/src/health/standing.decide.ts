/** What the provisioner last said of itself. */
export interface Standing {
  /** Why it can take nothing in; empty when it can, or when that is not known. */
  readonly reasons: readonly string[];
  readonly saidAtMs: number;
}

/** Longer than a provisioner takes to start again, or an answer to come through a crowd of questions. */
const rememberedMs = 10_000;

/** What is to be thought of it after a question; `said` is undefined when it gave no answer. Times are of the monotonic clock. */
export function decideStanding(known: Standing, said: readonly string[] | undefined, nowMs: number): Standing {
  if (said) return { reasons: said, saidAtMs: nowMs };
  return nowMs - known.saidAtMs < rememberedMs ? known : { reasons: [], saidAtMs: known.saidAtMs };
}
