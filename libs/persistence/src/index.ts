export { Database, type DatabaseOptions, heard, isConnectionError, isRowError, isThere, isWrittenHere, type Parameter, serverKeepAlive, type Statement, statementOf, type Transaction } from './database.js';
export { GroupCommit, GroupCommitFullError, type GroupCommitOptions, locked, type LockWait, RefusedRowError } from './group-commit.js';
export { checkSessions } from './session-need.js';
