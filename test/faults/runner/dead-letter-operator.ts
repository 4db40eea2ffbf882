import { setTimeout as delay } from 'node:timers/promises';

import type { DeadLetterView } from '@trunkline/contracts';

import type { Client } from './client.js';
import type { RunRecord } from './run-record.js';
import type { Random } from './random.js';

const looksEveryMs = 700;
const returnedShare = 0.6;
const mostReturns = 3;

/** Somebody who lists dead letters and returns some of those that were injected, sometimes together with another one. */
export class DeadLetterOperator {
  /** What he has decided on, by letter and how often it had come back. */
  private readonly seen = new Set<string>();
  private looking: Promise<void> | undefined;
  private hasLeft = false;

  constructor(private readonly client: Client, private readonly record: RunRecord, private readonly random: Random) {}

  begin(): void {
    this.looking ??= this.look();
  }

  /** Resolves when he has been told what became of his last return. */
  async leave(): Promise<void> {
    this.hasLeft = true;
    await this.looking;
  }

  private async look(): Promise<void> {
    while (!this.hasLeft) {
      await delay(looksEveryMs);
      const held = this.record.injected.length === 0 ? [] : await this.client.heldLetters();
      for (const letter of held.filter((each) => this.isOurs(each))) await this.decide(letter);
    }
  }

  private isOurs({ isReturnable, messageId, service, timesReturned }: DeadLetterView): boolean {
    return isReturnable && timesReturned < mostReturns && this.record.injected.some((letter) => letter.messageId === messageId && letter.service === service);
  }

  private async decide(letter: DeadLetterView): Promise<void> {
    const turn = `${letter.service} ${letter.id} ${letter.timesReturned}`;
    if (this.seen.has(turn)) return;
    this.seen.add(turn);
    if (!this.random.chance(returnedShare)) return;
    const operators = this.random.chance(1 / 3) ? [1, 2] : [1];
    const { messageId, service } = letter;
    await Promise.all(operators.map(async () => { this.record.returned.push({ messageId, service, attempts: await this.client.giveBack(letter) }); }));
  }
}
