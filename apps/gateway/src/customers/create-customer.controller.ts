import { Controller, Post, Req, Res } from '@nestjs/common';
import { reachFaultPoint } from '@trunkline/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { type Caller, CurrentCaller } from '../auth/caller.js';
import { send } from '../http/answer.js';
import { callerGone } from '../http/caller-gone.js';
import { refusedFor } from '../problem/refused.js';
import { doorOf, notesOf } from '../http/request-notes.js';
import { WaitingRoom } from '../waiting/waiting-room.js';
import { createAnswer } from './answers.js';
import { readCreateBody } from './create-body.js';
import { CustomerRequests } from './customer-requests.js';
import { idempotencyKeyOf, prefersAsync } from './request-headers.js';

@Controller('api/v2/customer')
export class CreateCustomerController {
  constructor(private readonly requests: CustomerRequests, private readonly room: WaitingRoom) {}

  @Post()
  async create(@Req() http: FastifyRequest, @Res() reply: FastifyReply, @CurrentCaller() caller: Caller): Promise<void> {
    const key = idempotencyKeyOf(http.headers['idempotency-key']);
    const parsed = readCreateBody(http.body);
    if (!parsed.ok || key.kind === 'wrong') throw refusedFor([...(parsed.ok ? [] : parsed.errors), ...(key.kind === 'wrong' ? [key.problem] : [])]);

    const notes = notesOf(http);
    const isAsync = prefersAsync(http.headers.prefer);
    const request = await this.requests.create(parsed.request, caller, key.kind === 'given' ? key.key : undefined, notes.trace.traceparent);
    notes.deploymentId = request.message.subject;
    const result = await this.room.submit({ ...request, answersWhenAccepted: isAsync, signal: callerGone(reply) });
    reachFaultPoint('gateway.before-answer');
    if (isAsync) reply.header('preference-applied', 'respond-async');
    send(reply, createAnswer(result, { deploymentId: request.message.subject, door: doorOf(http), shortName: parsed.request.shortName, hasKey: key.kind === 'given' }));
  }
}
