import { GroupCommitFullError, isConnectionError, RefusedRowError } from '@trunkline/persistence';

import { QueryUnavailableError } from '../nest/query-client.js';
import { NotConnectedError, RequestTimeoutError, UnconfirmedError } from '../transport/transport.js';

const absences = [GroupCommitFullError, NotConnectedError, UnconfirmedError, RequestTimeoutError, QueryUnavailableError];

/** The database or the broker is away or has no room: the message is not to blame, and is tried for as long as it takes. */
export function isAbsence(error: unknown): boolean {
  if (error instanceof RefusedRowError) return false;
  return absences.some((absence) => error instanceof absence) || isConnectionError(error);
}
