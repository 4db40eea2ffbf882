import type { Ovoc } from '../ovoc/ovoc.js';
import { decideReferences, type ReferenceProblem, type References } from './reference.decide.js';

/** Answers whether OVOC has what a request names; an empty list is yes. Throws what `Ovoc` throws when it can't be asked. */
export class ReferenceCheck {
  constructor(private readonly ovoc: Ovoc) {}

  async checkReferences(asked: References, signal: AbortSignal): Promise<ReferenceProblem[]> {
    const [channel, lcCustomer] = await Promise.all([
      asked.channelId === undefined ? undefined : this.ovoc.findChannel(asked.channelId, signal),
      asked.lcCustomerId === undefined ? undefined : this.ovoc.findLcCustomer(asked.lcCustomerId, signal),
    ]);
    return decideReferences(asked, { channel, lcCustomer });
  }
}
