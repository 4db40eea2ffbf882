import type { LcCustomer, OvocChannel } from '../ovoc/ovoc-objects.js';

/** What a create request may name in OVOC. */
export interface References {
  readonly channelId?: number;
  readonly lcCustomerId?: number;
}

/** In the shape of a field error of the request. */
export interface ReferenceProblem {
  readonly field: 'channelId' | 'lcCustomerId';
  readonly code: 'CHANNEL_NOT_FOUND' | 'LC_CUSTOMER_NOT_FOUND' | 'CHANNEL_MISMATCH';
  readonly message: string;
}

/** All problems at once; what the request does not name is no problem. */
export function decideReferences(
  asked: References,
  found: { readonly channel?: OvocChannel | undefined; readonly lcCustomer?: LcCustomer | undefined },
): ReferenceProblem[] {
  const { channelId, lcCustomerId } = asked;
  const problems: ReferenceProblem[] = [];
  if (channelId !== undefined && found.channel === undefined) {
    problems.push({ field: 'channelId', code: 'CHANNEL_NOT_FOUND', message: `Channel ${channelId} does not exist in OVOC.` });
  }
  if (lcCustomerId !== undefined && found.lcCustomer === undefined) {
    problems.push({ field: 'lcCustomerId', code: 'LC_CUSTOMER_NOT_FOUND', message: `LC customer ${lcCustomerId} does not exist in OVOC.` });
  }
  if (problems.length === 0 && channelId !== undefined && found.lcCustomer !== undefined && found.lcCustomer.channelId !== channelId) {
    problems.push({ field: 'channelId', code: 'CHANNEL_MISMATCH', message: `LC customer ${found.lcCustomer.id} does not belong to channel ${channelId}.` });
  }
  return problems;
}
