import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Refused messages of one service, and how often taking a message in has failed, in its own schema. */
export class DeadLetterTables1764000005000 implements MigrationInterface {
  readonly name = 'DeadLetterTables1764000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dead_letter (
        id text PRIMARY KEY,
        message_id text NOT NULL,
        message_type text,
        deployment_id text,
        queue text NOT NULL,
        exchange text,
        routing_key text,
        body bytea NOT NULL,
        size integer NOT NULL,
        is_returnable boolean NOT NULL,
        reason text NOT NULL,
        attempts integer NOT NULL,
        times_returned integer NOT NULL,
        state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'returned', 'dropped')),
        drop_reason text,
        acted_by text,
        acted_at timestamptz,
        first_refused_at timestamptz NOT NULL DEFAULT now(),
        refused_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX dead_letter_refused_at ON dead_letter (refused_at, id)');
    await runner.query(`CREATE INDEX dead_letter_acted_at ON dead_letter (acted_at) WHERE state <> 'held'`);
    await runner.query(`
      CREATE TABLE failed_handling (
        id text PRIMARY KEY,
        attempts integer NOT NULL,
        failed_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX failed_handling_failed_at ON failed_handling (failed_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE failed_handling');
    await runner.query('DROP TABLE dead_letter');
  }
}
