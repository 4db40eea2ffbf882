import type { Database } from '@trunkline/persistence';
import { BackgroundLoop, type Logger } from '@trunkline/runtime';

const hourMs = 3_600_000;
const portion = 5_000;

/** Longer than any copy of a message can be on its way: what is forgotten after it can't come back as new. */
const keptDays = 7;

/** Forgets received messages and finished jobs once nothing can refer to them any more. */
export class Housekeeping {
  private readonly loop: BackgroundLoop;

  /** @param also further statements, `[name, text]`: each deletes at most `$2` rows older than `$1` days and returns them */
  constructor(private readonly database: Database, logger: Logger, private readonly also: readonly (readonly [name: string, text: string])[] = []) {
    this.loop = new BackgroundLoop('housekeeping', hourMs, (signal) => this.forgetOld(signal), logger);
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  /** In portions: no statement may come near the time limit of the session. */
  async forgetOld(signal?: AbortSignal): Promise<void> {
    for (const [name, text] of [...statements, ...this.also]) {
      for (let deleted = portion; deleted === portion && !signal?.aborted;) {
        deleted = (await this.database.run({ name, text, values: [keptDays, portion] })).length;
      }
    }
  }
}

const statements = [
  ['forget-inbox', `DELETE FROM inbox WHERE message_id IN (
     SELECT message_id FROM inbox WHERE received_at < now() - $1 * interval '1 day' LIMIT $2) RETURNING 1`],
  ['forget-jobs', `DELETE FROM job WHERE id IN (
     SELECT id FROM job WHERE finished_at < now() - $1 * interval '1 day' LIMIT $2) RETURNING 1`],
] as const;
