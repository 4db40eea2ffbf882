import type { IncomingMessage } from '../transport/transport.js';

export interface FailedMessage {
  readonly incoming: IncomingMessage;
  readonly type: string;
  readonly decoded: object;
  readonly error: unknown;
}

/** What becomes of a message whose handler has failed. */
export type AfterHandlerFailure = { readonly kind: 'again' } | { readonly kind: 'given-up'; readonly attempts: number };

/** Remembers what fails, and decides when a message is given up. */
export abstract class HandlerFailures {
  /** Resolves when what follows is on disk. @throws when it can't be stored: the message is then tried again */
  abstract after(failed: FailedMessage): Promise<AfterHandlerFailure>;

  /** It was taken in after all: a later failure is a new one. Never rejects. */
  abstract succeeded(incoming: IncomingMessage): Promise<void>;
}
