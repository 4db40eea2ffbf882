import { BaseRpcContext } from '@nestjs/microservices';
import { type IncomingMessage } from '../transport/transport.js';

/** What a handler may learn about the delivery beside its payload (`@Ctx()`). Settling is the strategy's business. */
export class MessageContext extends BaseRpcContext<[IncomingMessage, string]> {
  constructor(message: IncomingMessage, readonly type: string) {
    super([message, type]);
  }

  get messageId(): string {
    return this.args[0].messageId;
  }

  get routingKey(): string {
    return this.args[0].routingKey;
  }

  get headers(): Readonly<Record<string, unknown>> {
    return this.args[0].headers;
  }

  /** A hint, never a proof. */
  get redelivered(): boolean {
    return this.args[0].redelivered;
  }
}

/** Context of a query handler: a question has a pattern and nothing else. */
export class QueryContext extends BaseRpcContext<[string]> {
  constructor(readonly pattern: string) {
    super([pattern]);
  }
}
