import { Controller, Get, Res } from '@nestjs/common';
import { getScaling } from '@trunkline/contracts';
import type { FastifyReply } from 'fastify';

import { send } from '../http/answer.js';
import { Reads } from '../reads/reads.js';

/** For whoever decides how many agents run. */
@Controller('api/v2/scaling')
export class ScalingController {
  constructor(private readonly reads: Reads) {}

  @Get()
  async scaling(@Res() reply: FastifyReply): Promise<void> {
    send(reply, { status: 200, body: await this.reads.ask(getScaling, {}) });
  }
}
