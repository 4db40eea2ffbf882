import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { type AnswerOf, getScaling } from '@trunkline/contracts';

import { ScalingNumber } from './scaling-number.js';

/** Tells the gateways what the agents are scaled by. */
@Controller()
export class ScalingController {
  constructor(private readonly number: ScalingNumber) {}

  @MessagePattern(getScaling.pattern)
  scaling(): Promise<AnswerOf<typeof getScaling>> {
    return this.number.now();
  }
}
