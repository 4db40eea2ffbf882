/** The time, as something that can be given. */
export abstract class Clock {
  abstract now(): Date;
  /** Milliseconds that never jump; for spans only. */
  abstract monotonicMs(): number;
}

export class SystemClock extends Clock {
  now(): Date { return new Date(); }
  monotonicMs(): number { return performance.now(); }
}
