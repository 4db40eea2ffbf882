export { commonMigrations, DatabaseService, type ServiceParts } from './database-service.js';
export { Drain, withinDrain } from './drain.js';
export { type HealthPages, type HealthServer, startHealthServer } from './health-server.js';
export { exitWith, newInstanceName, readAllOrExit, runMain, type ServiceMain } from './run-main.js';
export { type BusyDevices, type RunningService, transportReasons } from './running-service.js';
export { startWorker, type WorkerParts } from './worker.js';
