export interface Run<Result> {
  readonly results: readonly Result[];
  /** From a call to its answer, in order of the answers. */
  readonly latenciesMs: readonly number[];
  readonly perSecond: number;
}

/** By time, by calls, or by what is over first. */
export type LoopOptions = { readonly concurrency: number } & (
  { readonly seconds: number; readonly most?: number } | { readonly seconds?: undefined; readonly most: number });

const leastCallsEach = 3;

/**
 * So many callers, each calling again as soon as it has its answer, for so long and until each may have had some answers, or for so many calls. The rate is
 * that of the answers between the first round of the callers and the last call: while all of them are at work. The first failure ends the run.
 */
export async function closedLoop<Result>({ concurrency, most = Infinity, seconds = Infinity }: LoopOptions, one: () => Promise<Result>): Promise<Run<Result>> {
  const results: Result[] = [];
  const latenciesMs: number[] = [];
  const answeredAt: number[] = [];
  const startedAt = performance.now();
  let begun = 0;
  let lastCallAt = startedAt;
  const caller = async (): Promise<void> => {
    while (begun < most && (performance.now() - startedAt < seconds * 1_000 || begun < leastCallsEach * concurrency)) {
      begun += 1;
      const calledAt = performance.now();
      lastCallAt = calledAt;
      results.push(await one());
      answeredAt.push(performance.now());
      latenciesMs.push(performance.now() - calledAt);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const from = answeredAt[concurrency - 1] ?? startedAt;
  const counted = answeredAt.filter((at) => at > from && at <= lastCallAt).length;
  return { results, latenciesMs, perSecond: counted / ((lastCallAt - from) / 1_000) };
}
