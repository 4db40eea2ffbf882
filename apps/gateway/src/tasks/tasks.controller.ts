import { Controller, Get, Param, Res } from '@nestjs/common';
import { deploymentIdOf, getDeployments } from '@trunkline/contracts';
import { isUUID } from 'class-validator';
import type { FastifyReply } from 'fastify';

import { type Caller, CurrentCaller } from '../auth/caller.js';
import { send } from '../http/answer.js';
import { Reads } from '../reads/reads.js';
import { refused } from '../problem/refused.js';
import { taskView } from './task-view.js';

@Controller('api/v2/task')
export class TasksController {
  constructor(private readonly reads: Reads) {}

  @Get(':id')
  async get(@Param('id') id: string, @Res() reply: FastifyReply, @CurrentCaller() { provider }: Caller): Promise<void> {
    const deploymentId = deploymentIdOf(id);
    const [view] = deploymentId !== undefined && isUUID(deploymentId) ? await this.reads.ask(getDeployments, { provider, deploymentIds: [deploymentId] }) : [];
    if (!view) throw refused('NOT_FOUND', `Task with ${id} not found`);
    send(reply, { status: 200, body: taskView(view) });
  }
}
