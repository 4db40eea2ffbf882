import { type Channel } from 'amqplib';
import { type TransportLogger } from '../transport-logger.js';

/** Any end of the channel that was not asked for calls `lost`; exceptions in our callbacks are logged instead of closing it. */
export function watchChannel(channel: Channel, what: string, logger: TransportLogger, lost: (reason: string) => void): void {
  channel.on('error', (error: Error) => { lost(`${what}: ${error.message}`); });
  // A turn later: when the whole connection ends, its own report follows and says why.
  channel.on('close', () => { setImmediate(() => { lost(`${what}: channel closed`); }); });
  channel.on('handler-error', (error: Error, eventName: string) => { logger.error({ what, error: error.message, eventName }, 'callback of a channel threw'); });
}

/** Closes a channel that has done its work, without telling anybody. Never rejects. */
export async function endChannel(channel: Channel): Promise<void> {
  channel.removeAllListeners('close');
  channel.removeAllListeners('error');
  channel.on('error', () => undefined);
  await channel.close().catch(() => undefined);
}
