import type { Database } from '@trunkline/persistence';
import { BackgroundLoop, idle, type Logger } from '@trunkline/runtime';

import type { DeploymentLedger } from './deployment-ledger.js';

const lookEveryMs = 1_000;
const portion = 100;

/** Looks for deployments that wait longer than they should and tells the ledger; at start-up, for all that wait. */
export class Overdue {
  private readonly loop: BackgroundLoop;
  private isFirst = true;

  constructor(private readonly database: Database, private readonly ledger: DeploymentLedger, logger: Logger) {
    this.loop = new BackgroundLoop('overdue deployments', lookEveryMs, () => this.look(), logger);
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async look(): Promise<typeof idle | undefined> {
    if (/* safeguard: redrive-at-start */ this.isFirst) {
      // What was on its way when everything stopped may be gone: an in-process queue keeps nothing, a broker can be wiped.
      // A cleanup that rests waits for nobody.
      await this.database.run({
        name: 'deployment-all-due',
        // Locked in the order of the ledger: others work on the same rows.
        text: `WITH waiting AS (
                 SELECT id FROM deployment WHERE due_at > now()
                   /* safeguard: cleanup-rest-at-start */ AND state <> 'CleanupRequired'
                 /* safeguard: lock-order-at-start */ ORDER BY id FOR UPDATE
               )
               UPDATE deployment d SET due_at = now() FROM waiting WHERE d.id = waiting.id`,
        values: [],
      });
      this.isFirst = false;
    }
    const rows = await this.database.run<{ customer_guid: string }>({
      name: 'deployment-overdue',
      text: 'SELECT DISTINCT customer_guid FROM (SELECT customer_guid FROM deployment WHERE due_at <= now() ORDER BY due_at LIMIT $1) due', values: [portion],
    });
    await Promise.all(rows.map((row) => this.ledger.tell({ kind: 'due', customerGuid: row.customer_guid })));
    return rows.length === 0 ? idle : undefined;
  }
}
