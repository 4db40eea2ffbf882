export { type AfterFailure, type Attempt, backoffMs, decideAfterFailure, type StepLimits } from './attempt.decide.js';
export { OutcomeUnknownError, PeerError, PermanentError, TransientError } from './errors.js';
export { Housekeeping } from './housekeeping.js';
export type { ClaimedJob, NewJob } from './job.js';
export { type ClaimOptions, insertInbox, insertJobs, type IntakeItem, type JobResult, JobStore, type WithResults } from './job-store.js';
export { doneWith, type JobHandler, type JobOutcome, JobRunner, type JobRunnerOptions } from './job-runner.js';
export { JobTables1764000001000 } from './job-tables.migration.js';
export { runStep, type StepEnd } from './run-step.js';
export type { Step, Verdict } from './step.js';
