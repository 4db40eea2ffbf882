import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { deadLetterQuestions, type DeadLetterView } from '@trunkline/contracts';
import type { FastifyReply } from 'fastify';

import { type Caller, CurrentCaller } from '../auth/caller.js';
import { send } from '../http/answer.js';
import { parseJson } from '../http/json-body.js';
import { refused, refusedFor } from '../problem/refused.js';
import { Reads } from '../reads/reads.js';
import { pageOf, type Place } from './dead-letter-page.decide.js';
import { isDeadLetterId, type ListRequest, readBulkReturn, readDrop, readList, readReturn, serviceOf } from './dead-letter-request.js';

/** Messages that a service could not take in, and what an operator does with them. Each service answers for its own. */
@Controller('api/v2/dead-letters')
export class DeadLettersController {
  constructor(private readonly reads: Reads) {}

  @Get()
  async list(@Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const read = readList(query);
    if (!read.ok) throw refusedFor(read.errors);
    const { items, total } = await this.page(read.request);
    send(reply, { status: 200, headers: { 'x-total-count': String(total) }, body: items });
  }

  @Get(':service/:id')
  async get(@Param('service') service: string, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    send(reply, { status: 200, body: await this.find(placeOf(service, id)) });
  }

  /** Of many, by ids or by a filter. Answers what was returned and what was kept; asked again it returns what is left. */
  @Post('return')
  async giveBackMany(@Body() body: unknown, @Res() reply: FastifyReply, @CurrentCaller() { caller }: Caller): Promise<void> {
    const read = readBulkReturn(parseJson(body));
    if (!read.ok) throw refusedFor(read.errors);
    const { service, wanted } = read.request;
    send(reply, { status: 200, body: await this.reads.ask(deadLetterQuestions(service).giveBack, { caller, ...wanted }) });
  }

  /** It is on its way to its queue, for good, when this is answered; whoever asks second finds it returned. */
  @Post(':service/:id/return')
  async giveBack(
    @Param('service') name: string, @Param('id') given: string, @Body() body: unknown, @Res() reply: FastifyReply, @CurrentCaller() { caller }: Caller,
  ): Promise<void> {
    const place = placeOf(name, given);
    const read = readReturn(isEmpty(body) ? {} : parseJson(body));
    if (!read.ok) throw refusedFor(read.errors);
    const { kept: [kept] } = await this.reads.ask(deadLetterQuestions(place.service).giveBack, { caller, ids: [place.id] });
    if (kept?.because === 'unknown') throw notFound(place);
    if (kept?.because === 'not-returnable') throw refused('ACTION_NOT_ALLOWED', 'The message is no whole text: it could only be refused again. It can be dropped.');
    if (kept) throw notHeld('returned', kept.because);
    send(reply, { status: 202, body: await this.find(place) });
  }

  @Post(':service/:id/drop')
  async drop(
    @Param('service') name: string, @Param('id') given: string, @Body() body: unknown, @Res() reply: FastifyReply, @CurrentCaller() { caller }: Caller,
  ): Promise<void> {
    const place = placeOf(name, given);
    const read = readDrop(isEmpty(body) ? {} : parseJson(body));
    if (!read.ok) throw refusedFor(read.errors);
    const answer = await this.reads.ask(deadLetterQuestions(place.service).drop, { caller, id: place.id, reason: read.request.reason });
    if (answer.kind === 'unknown') throw notFound(place);
    if (answer.kind === 'not-allowed') throw notHeld('dropped', answer.state);
    send(reply, { status: 200, body: answer.deadLetter });
  }

  private async page({ order, pageNumber, pageSize, services, state }: ListRequest): Promise<{ items: readonly DeadLetterView[]; total: number }> {
    const chosen = state === undefined ? {} : { state };
    const [only] = services;
    if (only && services.length === 1) {
      return this.reads.ask(deadLetterQuestions(only).list, { ...chosen, order, offset: pageNumber * pageSize, limit: pageSize });
    }
    // Where a page of all begins depends on all: each tells what it has up to the end of the page, and shows what is on it.
    const limit = (pageNumber + 1) * pageSize;
    const known = await Promise.all(services.map(async (service) => (
      { service, ...await this.reads.ask(deadLetterQuestions(service).keys, { ...chosen, order, limit }) }
    )));
    const places = pageOf(known, { order, pageNumber, pageSize });
    const shown = await Promise.all(services.map(async (service) => {
      const ids = places.filter((place) => place.service === service).map(({ id }) => id);
      return ids.length === 0 ? [] : this.reads.ask(deadLetterQuestions(service).show, { ...chosen, ids });
    }));
    const views = new Map(shown.flat().map((view) => [`${view.service} ${view.id}`, view]));
    return { items: places.flatMap(({ id, service }) => views.get(`${service} ${id}`) ?? []), total: known.reduce((sum, { total }) => sum + total, 0) };
  }

  private async find(place: Place): Promise<DeadLetterView> {
    const found = await this.reads.ask(deadLetterQuestions(place.service).get, { id: place.id });
    if (!found) throw notFound(place);
    return found;
  }
}

function placeOf(name: string, id: string): Place {
  const service = serviceOf(name);
  if (!service || !isDeadLetterId(id)) throw notFound({ service: name, id });
  return { service, id };
}

const isEmpty = (body: unknown): boolean => body === undefined || (body instanceof Uint8Array && body.length === 0);
const notFound = ({ id, service }: { readonly id: string; readonly service: string }) => refused('NOT_FOUND', `There is no dead letter ${JSON.stringify(id)} of ${JSON.stringify(service)}`);
const notHeld = (done: string, state: string) => refused('ACTION_NOT_ALLOWED', `Only a held message can be ${done}; this one is ${state}.`);
