/**
 * Does `declare` again and again while a connection lives; what goes wrong is reported to `lost`.
 *
 * Defect: no client is told that an exchange or a binding was deleted, and what is published meanwhile goes nowhere. All versions: AMQP 0-9-1 has no such
 * notice. Tests: rabbitmq-faults.int.test.ts, "something of ours is deleted on the broker".
 */
export class TopologyUpkeep {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly everyMs: number) {}

  begin(declare: () => Promise<void>, lost: (reason: string) => void): void {
    this.end();
    const timer = setInterval(() => {
      if (/* safeguard: topology-redeclared */ isDeclaring) return;
      isDeclaring = true;
      declare().catch((error: unknown) => {
        // What fails because the connection is gone has been told by the connection.
        if (this.timer === timer) lost(error instanceof Error ? error.message : String(error));
      }).finally(() => { isDeclaring = false; });
    }, this.everyMs).unref();
    let isDeclaring = false;
    this.timer = timer;
  }

  end(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
