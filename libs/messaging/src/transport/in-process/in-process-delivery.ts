import { type Delivery, type IncomingMessage } from '../transport.js';
import { type HandOutQueue } from './hand-out-queue.js';
import { type InProcessBroker } from './in-process-broker.js';

export class InProcessDelivery implements Delivery {
  private isSettled = false;

  constructor(
    readonly message: IncomingMessage,
    private readonly queue: HandOutQueue<IncomingMessage>,
    private readonly broker: InProcessBroker,
    private readonly onSettled: () => void,
  ) {}

  ack(): void {
    this.settle(() => undefined);
  }

  retry(): void {
    this.settle(() => { this.giveBack(); });
  }

  deadLetter(reason: string): void {
    this.settle(() => {
      if (!this.broker.deadLetter(this.queue.name, this.message, reason)) this.giveBack();
    });
  }

  private giveBack(): void {
    this.queue.giveBack({ ...this.message, redelivered: true });
  }

  private settle(effect: () => void): void {
    if (this.isSettled) return;
    this.isSettled = true;
    effect();
    this.onSettled();
  }
}
