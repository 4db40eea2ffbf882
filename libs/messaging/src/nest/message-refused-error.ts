/** A handler's no to a message for good: the message becomes a dead letter with this reason, and is not tried again. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefusedError';
}
