export const scenarioNames = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'limits'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export interface Options {
  readonly scenario: ScenarioName;
  readonly concurrency: readonly number[];
  readonly rounds: number;
  /** Of a round, and of a window of the warm-up. */
  readonly seconds: number;
  /** Deployments of a contender before its first round: until then much of a program has not been compiled, however well two windows agree. */
  readonly leastWarmUps: number;
  /** Names of contenders; all when empty. */
  readonly only: readonly string[];
  /** What a scenario varies, such as rows stored; its own values when empty. */
  readonly sizes: readonly number[];
  readonly jsonFile: string | undefined;
  readonly chartFile: string | undefined;
  /** Process that has started RabbitMQ and PostgreSQL. */
  readonly serversPid: number;
}

/** From the variable that scripts/run-bench.mjs sets. */
export function readOptions(): Options {
  const text = process.env['TRUNKLINE_BENCH'];
  if (text === undefined) throw new Error('TRUNKLINE_BENCH is not set: run the benchmark by "npm run bench"');
  return JSON.parse(text) as Options;
}
