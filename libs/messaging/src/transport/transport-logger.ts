/** What the transports need of a logger; pino fits. Fields never hold payloads, URLs or secrets. */
export interface TransportLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const nothing = (): void => undefined;

export const silentLogger: TransportLogger = { info: nothing, warn: nothing, error: nothing };
