import { NotConnectedError, QueryUnavailableError, RequestTimeoutError, UnconfirmedError } from '@trunkline/messaging';
import { GroupCommitFullError, isConnectionError, RefusedRowError } from '@trunkline/persistence';

const absences = [GroupCommitFullError, NotConnectedError, UnconfirmedError, RequestTimeoutError, QueryUnavailableError];

/** The database or the broker is away or has no room: the message is not to blame, and is tried for as long as it takes. */
export function isAbsence(error: unknown): boolean {
  if (error instanceof RefusedRowError) return false;
  return absences.some((absence) => error instanceof absence) || isConnectionError(error);
}
