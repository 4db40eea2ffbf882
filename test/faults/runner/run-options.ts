export interface RunOptions {
  readonly seed: number;
  /** How many customers are created. */
  readonly deployments: number;
  /** How many SBCs they are spread over; at least the three that are shipped. */
  readonly sbcCount: number;
  /** How long load and faults go on. */
  readonly disturbedMs: number;
  /** How long the first round of faults, in which each is met once, may go on. */
  readonly firstRoundWithinMs: number;
  /** Only faults whose name begins so. */
  readonly only?: string | undefined;
  /** One fault of each family first, and none that takes long. */
  readonly isShort: boolean;
  /** How long everything may take to come to rest once nothing disturbs it. */
  readonly quietWithinMs: number;
  /** When the run gives up and says what it waited for. */
  readonly limitMs: number;
}

const minute = 60_000;
const shortTier: RunOptions = {
  seed: 20_423, deployments: 100, sbcCount: 3, disturbedMs: 50_000, firstRoundWithinMs: 80_000, isShort: true, quietWithinMs: 40_000, limitMs: 3 * minute,
};
const fullTier: Omit<RunOptions, 'seed'> = {
  deployments: 3_200, sbcCount: 8, disturbedMs: 40 * minute, firstRoundWithinMs: 50 * minute, isShort: false, quietWithinMs: 6 * minute, limitMs: 73 * minute,
};
/** Enough for each device to keep up. */
const deploymentsPerSbc = 400;
const leastSbcs = 4;
/** For what comes before and after load and faults. */
const roomMs = 6 * minute;
/** The suite's own time is over later than the run's, so that the run is the one to say what it waited for. */
const graceMs = 2 * minute;

/**
 * The short tier, or what the command asks for through `TRUNKLINE_FAULTS_SEED`, `_FULL`, `_DEPLOYMENTS`, `_MINUTES` and `_ONLY`.
 * @throws on what is no number
 */
export function readRunOptions(environment: Readonly<Record<string, string | undefined>>): { readonly options: RunOptions; readonly timeoutMs: number } {
  const number = (name: string): number | undefined => {
    const text = environment[`TRUNKLINE_FAULTS_${name}`];
    if (text === undefined || text === '') return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value <= 0) throw new Error(`TRUNKLINE_FAULTS_${name} must be a number greater than 0, not ${text}`);
    return value;
  };
  const [deployments, minutes, seed = shortTier.seed] = [number('DEPLOYMENTS'), number('MINUTES'), number('SEED')];
  const only = environment['TRUNKLINE_FAULTS_ONLY'];
  const tier: RunOptions = environment['TRUNKLINE_FAULTS_FULL'] === '1' ? { ...fullTier, seed } : { ...shortTier, seed };
  const sized = deployments === undefined ? tier : { ...tier, deployments, sbcCount: sbcsFor(deployments, tier.isShort) };
  const timed = minutes === undefined ? sized : { ...sized, ...timesOf(minutes * minute, sized.isShort) };
  const options = { ...timed, ...(only ? { only } : {}) };
  return { options, timeoutMs: options.limitMs + graceMs };
}

function sbcsFor(deployments: number, isShort: boolean): number {
  return Math.min(fullTier.sbcCount, Math.max(isShort ? shortTier.sbcCount : leastSbcs, Math.ceil(deployments / deploymentsPerSbc)));
}

/** Without an own request for its length a run goes on until everything has been met once; with one it ends when it is told. */
function timesOf(disturbedMs: number, isShort: boolean): Pick<RunOptions, 'disturbedMs' | 'firstRoundWithinMs' | 'quietWithinMs' | 'limitMs'> {
  const quietWithinMs = isShort ? shortTier.quietWithinMs : fullTier.quietWithinMs;
  return { disturbedMs, firstRoundWithinMs: disturbedMs, quietWithinMs, limitMs: disturbedMs + 2 * quietWithinMs + roomMs };
}
