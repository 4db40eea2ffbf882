import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What autoscalers read: devices that an agent is visiting, or that want a visit now or soon. Those whose breaker is open are none: more agents would not help
 * them. It asks the jobs by their partial indexes, so that finished ones cost nothing.
 */
export class ScalingView1764000020000 implements MigrationInterface {
  readonly name = 'ScalingView1764000020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE VIEW scaling AS
        WITH open AS MATERIALIZED (
          SELECT job.lane::int AS sbc_id, job.state, job.run_at
          FROM job LEFT JOIN device_lease ON device_lease.sbc_id = job.lane::int
          WHERE job.state IN ('waiting', 'running') AND job.run_at <= now() + interval '30 seconds' AND device_lease.opened_at IS NULL
        ), busy AS (
          SELECT sbc_id FROM open
          UNION SELECT sbc_id FROM device_lease WHERE holder IS NOT NULL AND expires_at > now() AND opened_at IS NULL
        )
        SELECT (SELECT count(*) FROM busy)::int AS busy_devices,
          (SELECT count(*) FROM open WHERE state = 'waiting')::int AS waiting_jobs,
          (SELECT greatest(0, coalesce(extract(epoch FROM now() - min(run_at)), 0)) FROM open WHERE state = 'waiting')::int AS oldest_wait_seconds`);
    // Who makes the roles later gives it the same.
    await runner.query(`
      DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'trunkline_scaler') THEN GRANT SELECT ON scaling TO trunkline_scaler; END IF;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW scaling');
  }
}
