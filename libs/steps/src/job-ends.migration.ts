import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What outlives a job's end: effects that may still come to light, and customers who are nobody's any more but an operator's. */
export class JobEnds1764000012000 implements MigrationInterface {
  readonly name = 'JobEnds1764000012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE job ADD COLUMN quiet_at timestamptz');
    await runner.query('ALTER TABLE closed_customer ADD COLUMN is_abandoned boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE closed_customer DROP COLUMN is_abandoned');
    await runner.query('ALTER TABLE job DROP COLUMN quiet_at');
  }
}
