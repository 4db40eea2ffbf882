import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs of one service, in its own schema. */
export class JobTables1764000001000 implements MigrationInterface {
  readonly name = 'JobTables1764000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE job (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        message_id text NOT NULL UNIQUE,
        kind text NOT NULL,
        is_undo boolean NOT NULL,
        deployment_id uuid NOT NULL,
        customer_guid uuid NOT NULL,
        round integer NOT NULL,
        lane text NOT NULL,
        payload text NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'dropped')),
        attempts integer NOT NULL DEFAULT 0,
        run_at timestamptz NOT NULL DEFAULT now(),
        start_by timestamptz,
        first_attempt_at timestamptz,
        holder text,
        epoch bigint NOT NULL DEFAULT 0,
        claimed_until timestamptz,
        is_closing boolean NOT NULL DEFAULT false,
        note text,
        outcome text,
        outcome_type text,
        outcome_id text,
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz
      )`);
    await runner.query(`CREATE INDEX job_waiting ON job (lane, run_at) WHERE state = 'waiting'`);
    await runner.query(`CREATE INDEX job_running ON job (customer_guid) WHERE state = 'running'`);
    await runner.query(`CREATE INDEX job_customer ON job (customer_guid)`);
    await runner.query(`CREATE INDEX job_finished_at ON job (finished_at) WHERE finished_at IS NOT NULL`);
    await runner.query(`
      CREATE TABLE closed_customer (
        customer_guid uuid PRIMARY KEY,
        round integer NOT NULL,
        closed_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE closed_customer');
    await runner.query('DROP TABLE job');
  }
}
