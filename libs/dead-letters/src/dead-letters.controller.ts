import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { type AnswerOf, deadLetterQuestions, mostDeadLetters, type QuestionOf } from '@trunkline/contracts';
import { acting } from '@trunkline/messaging';

import { DeadLetterStore } from './dead-letter-store.js';

// Patterns are the same for all services; only the queue differs.
const questions = deadLetterQuestions('provisioner');
type Questions = typeof questions;

/** Answers an operator's questions and commands about the dead letters of this service. */
@Controller()
export class DeadLettersController {
  constructor(private readonly store: DeadLetterStore) {}

  @MessagePattern(questions.list.pattern)
  list(@Payload() { limit, ...question }: QuestionOf<Questions['list']>): Promise<AnswerOf<Questions['list']>> {
    return this.store.list({ ...question, limit: Math.min(limit, mostDeadLetters) });
  }

  @MessagePattern(questions.keys.pattern)
  keys(@Payload() { limit, ...question }: QuestionOf<Questions['keys']>): Promise<AnswerOf<Questions['keys']>> {
    return this.store.keys({ ...question, offset: 0, limit: Math.min(limit, 10 * mostDeadLetters) });
  }

  @MessagePattern(questions.show.pattern)
  show(@Payload() { ids, state }: QuestionOf<Questions['show']>): Promise<AnswerOf<Questions['show']>> {
    return this.store.show(ids.slice(0, mostDeadLetters), state);
  }

  @MessagePattern(questions.get.pattern)
  get(@Payload() { id }: QuestionOf<Questions['get']>): Promise<AnswerOf<Questions['get']>> {
    return this.store.get(id);
  }

  @MessagePattern(questions.giveBack.pattern, acting)
  giveBack(@Payload() question: QuestionOf<Questions['giveBack']>): Promise<AnswerOf<Questions['giveBack']>> {
    if ('ids' in question) return this.store.giveBack(question.ids.slice(0, mostDeadLetters), question.caller);
    return this.store.giveBackFound(question.filter, Math.min(question.limit, mostDeadLetters), question.caller);
  }

  @MessagePattern(questions.drop.pattern, acting)
  drop(@Payload() { caller, id, reason }: QuestionOf<Questions['drop']>): Promise<AnswerOf<Questions['drop']>> {
    return this.store.drop(id, caller, reason);
  }
}
