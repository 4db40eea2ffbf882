import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the agents know together of a device that does not answer, and whose turn it is. */
export class DeviceBreaker1764000010000 implements MigrationInterface {
  readonly name = 'DeviceBreaker1764000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE device_lease
        ADD COLUMN fault_count integer NOT NULL DEFAULT 0,
        ADD COLUMN last_fault text,
        ADD COLUMN opened_at timestamptz,
        ADD COLUMN failed_visits integer NOT NULL DEFAULT 0,
        ADD COLUMN rest_until timestamptz,
        ADD COLUMN taken_at timestamptz`);
    await runner.query('CREATE INDEX device_lease_open ON device_lease (rest_until) WHERE opened_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX device_lease_open');
    await runner.query(`
      ALTER TABLE device_lease DROP COLUMN fault_count, DROP COLUMN last_fault, DROP COLUMN opened_at, DROP COLUMN failed_visits, DROP COLUMN rest_until,
        DROP COLUMN taken_at`);
  }
}
