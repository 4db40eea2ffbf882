import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { listSbcs, listScriptTemplates, type SbcView } from '@trunkline/contracts';
import type { FastifyReply } from 'fastify';

import { send } from '../http/answer.js';
import { Reads } from '../reads/reads.js';
import { refused, refusedFor } from '../problem/refused.js';
import { readScriptTemplateQuestion, scriptTemplatePage } from './script-template-page.js';

/** What customers are made from: known SBCs and script templates. */
@Controller('api/v2')
export class CatalogueController {
  constructor(private readonly reads: Reads) {}

  @Get('scripttemplates')
  async scriptTemplates(@Query() query: Record<string, unknown>, @Res() reply: FastifyReply): Promise<void> {
    const read = readScriptTemplateQuestion(query);
    if (!read.ok) throw refusedFor(read.errors);
    const { page, total } = scriptTemplatePage(await this.reads.ask(listScriptTemplates, {}), read.question);
    send(reply, { status: 200, headers: { 'x-total-count': String(total) }, body: page });
  }

  @Get('sbc')
  async sbcs(@Res() reply: FastifyReply): Promise<void> {
    send(reply, { status: 200, body: (await this.reads.ask(listSbcs, {})).map(sbcView) });
  }

  @Get('sbc/:id')
  async sbc(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const known = /^[1-9]\d{0,9}$/.test(id) ? (await this.reads.ask(listSbcs, {})).find((sbc) => sbc.id === Number(id)) : undefined;
    if (!known) throw refused('NOT_FOUND', `SBC with ${id} not found`);
    send(reply, { status: 200, body: sbcView(known) });
  }
}

// Field by field: what the provisioner adds to its answer is not public by that.
function sbcView({ cacProfiles, carriers, configurationTypes, fqdn, id, name, ovocSbcId, proxySets, region }: SbcView): SbcView {
  return { id, ovocSbcId, name, fqdn, region, configurationTypes, carriers, proxySets, cacProfiles };
}
