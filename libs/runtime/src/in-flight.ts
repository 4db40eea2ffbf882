/** Counts work that has begun and not ended, for those who must wait for its end. */
export class InFlight {
  private count = 0;
  private readonly waiting = new Set<() => void>();

  get size(): number {
    return this.count;
  }

  begin(): void {
    this.count += 1;
  }

  end(): void {
    this.count -= 1;
    if (this.count > 0) return;
    for (const wake of this.waiting) wake();
  }

  /** True when nothing was left within `maxMs`, false when the time ran out first. Never rejects. */
  async empty(maxMs: number): Promise<boolean> {
    if (this.count === 0) return true;
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.waiting.delete(finish);
        resolve(this.count === 0);
      };
      const timer = setTimeout(finish, maxMs);
      this.waiting.add(finish);
    });
  }
}
