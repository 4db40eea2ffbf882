export { OutcomeUnknownError, PeerError, PermanentError, TransientError } from './errors.js';
export type { Step, Verdict } from './step.js';
