export { type HealthServer, startHealthServer } from './health-server.js';
export { exitWith, newInstanceName, readAllOrExit, runMain, type ServiceMain, untilSignalled } from './run-main.js';
export { type RunningService, transportReasons } from './running-service.js';
export { startWorker, type WorkerParts } from './worker.js';
