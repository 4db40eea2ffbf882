import type { StandingView } from '@trunkline/contracts';
import type { Database } from '@trunkline/persistence';

/** What this provisioner says of itself. */
export class OwnStanding {
  constructor(private readonly instance: string, private readonly database: Database) {}

  say(): StandingView {
    return { instance: this.instance, reasons: this.database.reasons() };
  }
}
