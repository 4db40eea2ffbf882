import { PermanentError, TransientError } from '@trunkline/steps';

import { responseCode } from './dns-message.js';

/** What an update has come to. @throws TransientError, PermanentError for an answer that is neither */
export function readUpdateAnswer(code: number): 'done' | 'not-as-required' {
  if (code === responseCode.done) return 'done';
  if (code === responseCode.nameInUse || code === responseCode.noSuchRecord) return 'not-as-required';
  if (code === responseCode.serverFailure) throw new TransientError('DNS_BUSY', 'The DNS server could not do it now');
  throw new PermanentError('DNS_REFUSED', `The DNS server refused with code ${code}`);
}
