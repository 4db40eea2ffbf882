import { NotConnectedError, RequestTimeoutError, type Transport, UnroutableError } from '../transport/transport.js';
import { decodeAnswer, encode } from './query-protocol.js';

export type QueryUnavailableReason = 'not-connected' | 'unroutable' | 'timeout';

/** Nobody answered; asking again later may help. */
export class QueryUnavailableError extends Error {
  override readonly name = 'QueryUnavailableError';
  constructor(readonly reason: QueryUnavailableReason, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** The service answered that it can't or won't. */
export class QueryFailedError extends Error {
  override readonly name = 'QueryFailedError';
  /** @param code stable; `INTERNAL` for a bug of the answering service, `UNKNOWN_PATTERN` for a question it does not know */
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

/** Asks the `@MessagePattern` handlers behind a query queue. */
export class QueryClient {
  constructor(private readonly transport: Transport) {}

  /**
   * One question, one answer, not repeated. The shape of the answer is the responder's promise; it is not checked here.
   * @throws QueryUnavailableError, QueryFailedError
   */
  async ask<T>(queue: string, pattern: string, data: unknown, timeoutMs: number): Promise<T> {
    const answer = decodeAnswer(await this.send(queue, pattern, data, timeoutMs));
    if (!answer) throw new QueryFailedError('INTERNAL', `"${queue}" sent no valid answer to "${pattern}"`);
    if (!answer.ok) throw new QueryFailedError(answer.error.code, answer.error.message);
    return answer.data as T;
  }

  private async send(queue: string, pattern: string, data: unknown, timeoutMs: number): Promise<Buffer> {
    try {
      return await this.transport.request(queue, encode({ pattern, data }), { timeoutMs });
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined) throw error;
      throw new QueryUnavailableError(reason, `"${queue}" did not answer "${pattern}": ${reason}`, { cause: error });
    }
  }
}

function reasonOf(error: unknown): QueryUnavailableReason | undefined {
  if (error instanceof NotConnectedError) return 'not-connected';
  if (error instanceof UnroutableError) return 'unroutable';
  return error instanceof RequestTimeoutError ? 'timeout' : undefined;
}
