/** One reading of `agentsWanted`, at a time in ms. */
export interface Reading {
  readonly atMs: number;
  readonly wanted: number;
}

export interface Limits {
  readonly most: number;
  /** Agents are taken away only when no reading of so long has wanted them. */
  readonly stabilizationMs: number;
}

/** How many agents an autoscaler runs after these readings, the newest last: more at once, fewer late, as the autoscaler of Kubernetes has it. */
export function agentsToRun(readings: readonly Reading[], { most, stabilizationMs }: Limits): number {
  const nowMs = readings.at(-1)?.atMs ?? 0;
  return Math.min(most, Math.max(1, ...readings.filter(({ atMs }) => atMs > nowMs - stabilizationMs).map(({ wanted }) => wanted)));
}
