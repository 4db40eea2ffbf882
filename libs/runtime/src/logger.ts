import type { LoggerService } from '@nestjs/common';
import { destination, pino, type Logger } from 'pino';

export type { Logger };
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Structured lines on standard output; `time` in ISO 8601, level as a word. Nothing is ever redacted here: secrets do not come this far. */
export function createLogger(options: { readonly service: string; readonly level: string }, stream = destination({ dest: 1, sync: true })): Logger {
  return pino({
    level: options.level,
    base: { service: options.service },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: (error: unknown) => (error instanceof Error
      ? {
          name: error.name, message: error.message, code: (error as { code?: unknown }).code, stack: error.stack,
        }
      : { message: String(error) }) },
  }, stream);
}

/** Nest's own messages, through the same logger; what Nest says at every start goes to debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void { this.write('debug', message, rest); }
  error(message: unknown, ...rest: unknown[]): void { this.write('error', message, rest); }
  warn(message: unknown, ...rest: unknown[]): void { this.write('warn', message, rest); }
  debug(message: unknown, ...rest: unknown[]): void { this.write('debug', message, rest); }
  verbose(message: unknown, ...rest: unknown[]): void { this.write('trace', message, rest); }

  private write(level: 'error' | 'warn' | 'debug' | 'trace', message: unknown, rest: unknown[]): void {
    const context = rest.findLast((value): value is string => typeof value === 'string');
    if (message instanceof Error) this.logger[level]({ err: message, context }, 'Nest reported an error');
    else this.logger[level]({ context, detail: typeof message === 'string' ? message : JSON.stringify(message) }, 'Nest');
  }
}
