import type { Verdict } from '@trunkline/steps';

import type { Registration } from '../dns/dns.js';

/** What is to be registered, against what is; names in lower case. */
export function decideHost(wanted: Registration, seen: Registration | undefined): Verdict {
  if (!seen) return { kind: 'write' };
  if (seen.owner !== wanted.owner) return { kind: 'refuse', code: 'HOST_NAME_TAKEN', reason: `${wanted.hostName} belongs to somebody else` };
  return seen.target === wanted.target ? { kind: 'done' } : { kind: 'clean-then-write' };
}
