import { Controller, Get, Res } from '@nestjs/common';
import { Health } from '@trunkline/runtime';
import type { FastifyReply } from 'fastify';

import { send } from '../http/answer.js';

/** For whoever keeps the process running, and for whoever sends it requests. */
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  live(@Res() reply: FastifyReply): void {
    send(reply, { status: 200, body: { status: 'live' } });
  }

  @Get('ready')
  ready(@Res() reply: FastifyReply): void {
    const reasons = this.health.reasons();
    send(reply, reasons.length === 0 ? { status: 200, body: { status: 'ready' } } : { status: 503, body: { status: 'not ready', reasons } });
  }
}
