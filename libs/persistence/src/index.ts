export { Database, type DatabaseOptions, heard, isConnectionError, isRowError, isWrittenHere, serverKeepAlive, type Statement, type Transaction } from './database.js';
export { GroupCommit, GroupCommitFullError, type GroupCommitOptions, RefusedRowError } from './group-commit.js';
export { checkSessions, sessionsOf } from './session-need.js';
