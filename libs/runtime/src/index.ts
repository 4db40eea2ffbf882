export { backoff, type PauseBounds, shortPauses } from './backoff.js';
export { BackgroundLoop, idle } from './background.js';
export { Clock, SystemClock } from './clock.js';
export { commonSecrets, commonSettings, defaultInventoryFile } from './common-settings.js';
export {
  ConfigurationError, describeSettings, type Environment, exitConfiguration, httpUrl, integer, readConfiguration, secretsKey, type SettingDescription, urlOf,
  type ValuesOf,
} from './configuration.js';
export { errorMessage } from './error-message.js';
export { type FaultPoint, faultPointProblems, faultPoints, faultPointVariable, isFaultPointArmed, reachFaultPoint } from './fault-points.js';
export { Health, type HealthCheck } from './health.js';
export { InFlight } from './in-flight.js';
export { createLogger, type Logger, logLevels, NestLogger } from './logger.js';
export { productFolder, productVersion } from './product-version.js';
