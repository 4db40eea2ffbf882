import { Controller, Delete, Param, Req, Res } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { type Caller, CurrentCaller } from '../auth/caller.js';
import { send } from '../http/answer.js';
import { callerGone } from '../http/caller-gone.js';
import { doorOf, notesOf } from '../http/request-notes.js';
import { WaitingRoom } from '../waiting/waiting-room.js';
import { customerNotFound, deleteAnswer } from './answers.js';
import { CustomerRequests } from './customer-requests.js';
import { prefersAsync } from './request-headers.js';

@Controller('api/v2/customer')
export class DeleteCustomerController {
  constructor(private readonly requests: CustomerRequests, private readonly room: WaitingRoom) {}

  @Delete(':guid')
  async remove(@Param('guid') guid: string, @Req() http: FastifyRequest, @Res() reply: FastifyReply, @CurrentCaller() caller: Caller): Promise<void> {
    if (!isUUID(guid)) {
      send(reply, customerNotFound(guid));
      return;
    }
    const notes = notesOf(http);
    const request = this.requests.remove(guid.toLowerCase(), caller, notes.trace.traceparent);
    notes.deploymentId = request.message.subject;
    const result = await this.room.submit({ ...request, answersWhenAccepted: prefersAsync(http.headers.prefer), signal: callerGone(reply) });
    send(reply, deleteAnswer(result, { deploymentId: request.message.subject, door: doorOf(http) }, guid));
  }
}
