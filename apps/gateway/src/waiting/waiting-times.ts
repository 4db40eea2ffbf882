/** All in milliseconds. */
export interface WaitingTimes {
  /** How long a caller waits. */
  readonly budgetMs: number;
  /** Until a request that was not accepted is sent again. */
  readonly repeatMs: number;
  /** Between two questions about everything that is waited for. */
  readonly askEveryMs: number;
  readonly askTimeoutMs: number;
  readonly sweepMs: number;
}

export const waitingTimes: Omit<WaitingTimes, 'budgetMs'> = { repeatMs: 5_000, askEveryMs: 10_000, askTimeoutMs: 2_000, sweepMs: 100 };
