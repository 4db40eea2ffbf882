import type { RunOptions } from './run-faults.js';

const shortTier: RunOptions = { seed: 20_260, deployments: 100, disturbedMs: 30_000, quietWithinMs: 40_000 };
const roomMs = 60_000;

/** The short tier, or what the command asks for through `TRUNKLINE_FAULTS_SEED`, `_DEPLOYMENTS`, `_MINUTES` and `_ONLY`. @throws on what is no number */
export function readRunOptions(environment: Readonly<Record<string, string | undefined>>): { readonly options: RunOptions; readonly timeoutMs: number } {
  const number = (name: string): number | undefined => {
    const text = environment[`TRUNKLINE_FAULTS_${name}`];
    if (text === undefined || text === '') return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value <= 0) throw new Error(`TRUNKLINE_FAULTS_${name} must be a number greater than 0, not ${text}`);
    return value;
  };
  const minutes = number('MINUTES');
  const only = environment['TRUNKLINE_FAULTS_ONLY'];
  const options: RunOptions = {
    ...shortTier, seed: number('SEED') ?? shortTier.seed, deployments: number('DEPLOYMENTS') ?? shortTier.deployments,
    ...(minutes === undefined ? {} : { disturbedMs: minutes * 60_000, quietWithinMs: 180_000 }), ...(only ? { only } : {}),
  };
  return { options, timeoutMs: options.disturbedMs + 2 * options.quietWithinMs + roomMs + options.deployments * 200 };
}
