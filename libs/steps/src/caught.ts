import { isConnectionError } from '@trunkline/persistence';

import { DatabaseAwayError, PeerError } from './errors.js';

/** What an attempt has thrown, with a lost database told from a bug. */
export function caught(error: unknown): unknown {
  return !(error instanceof PeerError) && isConnectionError(error) ? new DatabaseAwayError({ cause: error }) : error;
}
