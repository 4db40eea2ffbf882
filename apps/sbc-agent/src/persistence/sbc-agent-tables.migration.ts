import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SbcAgentTables1764000003000 implements MigrationInterface {
  readonly name = 'SbcAgentTables1764000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE device_lease (
        sbc_id integer PRIMARY KEY,
        holder text,
        holder_lock bigint,
        epoch bigint NOT NULL DEFAULT 0,
        expires_at timestamptz,
        write_until timestamptz,
        in_flight_customer uuid,
        in_flight_is_undo boolean,
        save_owed boolean NOT NULL DEFAULT false
      )`);
    await runner.query(`
      CREATE TABLE undo_owed (
        customer_guid uuid PRIMARY KEY,
        site_guid uuid NOT NULL,
        sbc_id integer NOT NULL,
        epoch bigint NOT NULL,
        sealed_cleanup text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX undo_owed_sbc ON undo_owed (sbc_id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE undo_owed');
    await runner.query('DROP TABLE device_lease');
  }
}
