import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a late script may have left is looked for: which device owes that look from when on, and notes that outlive their customer. */
export class SweepOwed1764000011000 implements MigrationInterface {
  readonly name = 'SweepOwed1764000011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE device_lease ADD COLUMN sweep_owed_from timestamptz');
    await runner.query('ALTER TABLE undo_owed ADD COLUMN settled_at timestamptz');
    await runner.query('CREATE INDEX undo_owed_settled ON undo_owed (settled_at) WHERE settled_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM undo_owed WHERE settled_at IS NOT NULL');
    await runner.query('ALTER TABLE undo_owed DROP COLUMN settled_at');
    await runner.query('ALTER TABLE device_lease DROP COLUMN sweep_owed_from');
  }
}
