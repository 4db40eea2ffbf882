import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { actOnDeployment, deploymentIdOf, type DeploymentView, getDeployments } from '@trunkline/contracts';
import { isUUID } from 'class-validator';
import type { FastifyReply } from 'fastify';

import { type Caller, CurrentCaller } from '../auth/caller.js';
import { send } from '../http/answer.js';
import { parseJson } from '../http/json-body.js';
import { refused, refusedFor } from '../problem/refused.js';
import { Reads } from '../reads/reads.js';
import { readAction } from './action-request.js';
import { taskView } from './task-view.js';

@Controller('api/v2/task')
export class TasksController {
  constructor(private readonly reads: Reads) {}

  @Get(':id')
  async get(@Param('id') id: string, @Res() reply: FastifyReply, @CurrentCaller() { provider }: Caller): Promise<void> {
    send(reply, { status: 200, body: taskView(await this.find(id, provider)) });
  }

  /** An operator's action. What follows from it is on disk when it is answered; asked twice, the second is not allowed any more. */
  @Post(':id/action/:action')
  async act(
    @Param('id') id: string, @Param('action') name: string, @Body() body: unknown, @Res() reply: FastifyReply, @CurrentCaller() { caller, provider }: Caller,
  ): Promise<void> {
    const isEmpty = body === undefined || (body instanceof Uint8Array && body.length === 0);
    const read = readAction(name, isEmpty ? undefined : parseJson(body));
    if (!read) throw refused('NOT_FOUND', `There is no action ${JSON.stringify(name)}`);
    if (!read.ok) throw refusedFor(read.errors);
    const { deployment: { deploymentId } } = await this.find(id, provider);
    const { action, reason } = read.request;
    const answer = await this.reads.ask(actOnDeployment, { provider, caller, deploymentId, action, ...(reason === undefined ? {} : { reason }) });
    if (answer.kind === 'unknown') throw taskNotFound(id);
    if (answer.kind === 'not-allowed') {
      const instead = answer.allowed.length > 0 ? `Allowed now: ${answer.allowed.join(', ')}.` : 'Nothing is allowed now.';
      throw refused('ACTION_NOT_ALLOWED', `${action} is not allowed while the deployment is ${answer.state}. ${instead}`);
    }
    send(reply, { status: 202, body: taskView(await this.find(id, provider)) });
  }

  private async find(id: string, provider: string): Promise<DeploymentView> {
    const deploymentId = deploymentIdOf(id);
    const [view] = deploymentId !== undefined && isUUID(deploymentId) ? await this.reads.ask(getDeployments, { provider, deploymentIds: [deploymentId] }) : [];
    if (!view) throw taskNotFound(id);
    return view;
  }
}

const taskNotFound = (id: string) => refused('NOT_FOUND', `Task with ${id} not found`);
