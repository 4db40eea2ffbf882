export { newInstanceName, readOrExit, runMain, type ServiceMain, untilSignalled } from './run-main.js';
export type { RunningService } from './running-service.js';
export { startWorker, type WorkerParts } from './worker.js';
