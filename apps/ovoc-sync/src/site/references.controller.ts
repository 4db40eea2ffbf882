import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { type AnswerOf, checkOvocReferences, type QuestionOf } from '@trunkline/contracts';

import { ReferenceCheck } from './reference-check.js';

const answerWithinMs = 4_500;

/** Tells the provisioner whether OVOC has the channel and LC customer a request names. Fails, and so goes unanswered as one, when OVOC can't be asked. */
@Controller()
export class ReferencesController {
  constructor(private readonly references: ReferenceCheck) {}

  @MessagePattern(checkOvocReferences.pattern)
  async check(@Payload() question: QuestionOf<typeof checkOvocReferences>): Promise<AnswerOf<typeof checkOvocReferences>> {
    return this.references.checkReferences(question, AbortSignal.timeout(answerWithinMs));
  }
}
