import { OutcomeUnknownError, PermanentError, TransientError } from '@trunkline/steps';
import type { OvocMeaning } from './ovoc-answer.decide.js';

type Trouble = Extract<OvocMeaning, { kind: 'transient' | 'permanent' | 'unknown' }>;

/** The only place where the meaning of an answer becomes an error. The detail goes into `cause`, not into the sentence. */
export function ovocError(trouble: Trouble, call: string, failure: unknown): Error {
  const cause = new Error(`${call}: ${trouble.detail}`, failure === undefined ? undefined : { cause: failure });
  switch (trouble.kind) {
    case 'transient': return new TransientError(trouble.code, trouble.message, { cause, retryAfterMs: trouble.retryAfterMs });
    case 'permanent': return new PermanentError(trouble.code, trouble.message, { cause });
    case 'unknown': {
      const { isAnswered = false, retryAfterMs } = trouble;
      return new OutcomeUnknownError(trouble.code, trouble.message, { cause, isAnswered, retryAfterMs });
    }
  }
}
