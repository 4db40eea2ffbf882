import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { type CustomerView, getCustomer, listCustomers } from '@trunkline/contracts';
import { isUUID } from 'class-validator';
import type { FastifyReply } from 'fastify';

import { type Caller, CurrentCaller } from '../auth/caller.js';
import { send } from '../http/answer.js';
import { readFlag } from '../reads/query-parameters.js';
import { Reads } from '../reads/reads.js';
import { refused, refusedFor } from '../problem/refused.js';
import { briefV2, customerV2, customerV3 } from './customer-views.js';

@Controller('api')
export class ReadCustomersController {
  constructor(private readonly reads: Reads) {}

  @Get('v2/customer')
  async list(@Res() reply: FastifyReply, @CurrentCaller() { provider }: Caller): Promise<void> {
    const customers = await this.reads.ask(listCustomers, { provider });
    send(reply, { status: 200, body: customers.map(briefV2) });
  }

  @Get('v2/customer/:guid')
  async getV2(@Param('guid') guid: string, @Res() reply: FastifyReply, @CurrentCaller() caller: Caller): Promise<void> {
    send(reply, { status: 200, body: customerV2(await this.find(guid, caller)) });
  }

  @Get('v3/customer/:guid')
  async getV3(
    @Param('guid') guid: string, @Query() query: Record<string, unknown>, @Res() reply: FastifyReply, @CurrentCaller() caller: Caller,
  ): Promise<void> {
    const allDetails = readFlag(query, 'allDetails');
    if (!allDetails.ok) throw refusedFor([allDetails.problem]);
    send(reply, { status: 200, body: customerV3(await this.find(guid, caller), allDetails.value) });
  }

  private async find(guid: string, { provider }: Caller): Promise<CustomerView> {
    const customer = isUUID(guid) ? await this.reads.ask(getCustomer, { provider, customerGuid: guid.toLowerCase() }) : null;
    if (!customer) throw refused('NOT_FOUND', `Customer with ${guid} not found`);
    return customer;
  }
}
