import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often a message that goes back to its queue has gone back. */
export class OutboxTimesReturned1764000000001 implements MigrationInterface {
  readonly name = 'OutboxTimesReturned1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    // Schemas of an earlier release have it from the migration of their dead letters.
    await runner.query('ALTER TABLE outbox ADD COLUMN IF NOT EXISTS times_returned integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outbox DROP COLUMN times_returned');
  }
}
