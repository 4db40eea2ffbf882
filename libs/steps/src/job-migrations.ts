import { JobEnds1764000012000 } from './job-ends.migration.js';
import { JobTables1764000001000 } from './job-tables.migration.js';
import { OpenJobs1764000014000 } from './open-jobs.migration.js';

/** All that makes the tables of jobs in a service's schema. */
export const jobMigrations = [JobTables1764000001000, JobEnds1764000012000, OpenJobs1764000014000] as const;
