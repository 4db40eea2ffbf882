/** Why a service can't do its work right now; empty when it can. */
export type HealthCheck = () => readonly string[];

/** The reasons of all parts of a process that have something to say. */
export class Health {
  private readonly checks: HealthCheck[] = [];

  register(check: HealthCheck): void {
    this.checks.push(check);
  }

  reasons(): string[] {
    return this.checks.flatMap((check) => [...check()]);
  }
}
