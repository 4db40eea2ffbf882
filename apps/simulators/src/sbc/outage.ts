/** A time during which a device can't be reached. */
export class Outage {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly setAway: (isAway: boolean) => void) {}

  /** From now on for `ms`; a later call replaces an earlier one. Connections end in any case. */
  begin(ms: number): void {
    clearTimeout(this.timer);
    this.setAway(true);
    this.timer = setTimeout(() => this.setAway(false), ms);
  }

  end(): void {
    clearTimeout(this.timer);
    this.setAway(false);
  }
}
