import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Jobs that have not ended, in the order of their claims, by lane and by customer: one index for each question, so that a plan that was made when the table
 * was empty, and knows nothing of what is in it, is a good one. Those by state and time were read as a whole for each job.
 */
export class OpenJobs1764000014000 implements MigrationInterface {
  readonly name = 'OpenJobs1764000014000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX job_waiting');
    await runner.query('DROP INDEX job_running');
    await runner.query(`CREATE INDEX job_open_order ON job (is_undo DESC, id) WHERE state IN ('waiting', 'running')`);
    await runner.query(`CREATE INDEX job_open_lane ON job (lane, is_undo DESC, id) WHERE state IN ('waiting', 'running')`);
    await runner.query(`CREATE INDEX job_open_customer ON job (customer_guid) WHERE state IN ('waiting', 'running')`);
    await runner.query('CREATE INDEX job_quiet ON job (customer_guid) WHERE quiet_at IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX job_quiet');
    await runner.query('DROP INDEX job_open_customer');
    await runner.query('DROP INDEX job_open_lane');
    await runner.query('DROP INDEX job_open_order');
    await runner.query(`CREATE INDEX job_running ON job (customer_guid) WHERE state = 'running'`);
    await runner.query(`CREATE INDEX job_waiting ON job (lane, run_at) WHERE state = 'waiting'`);
  }
}
