import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  actOnDeployment, type AnswerOf, type CustomerVariableView, getCustomer, getDeployments, getStanding, listCustomers, listSbcs, listScriptTemplates,
  type QuestionOf, type ScriptTemplateView,
} from '@trunkline/contracts';
import { acting } from '@trunkline/messaging';

import { CatalogueRepository } from '../catalogue/catalogue.repository.js';
import type { ScriptTemplateEntity } from '../catalogue/script-template.entity.js';
import { DeploymentLedger } from '../ledger/deployment-ledger.js';
import { DeploymentReads } from './deployment-reads.repository.js';
import { OwnStanding } from './own-standing.js';

/** Answers the questions of the other services. */
@Controller()
export class QueriesController {
  constructor(
    private readonly reads: DeploymentReads, private readonly catalogue: CatalogueRepository, private readonly ledger: DeploymentLedger,
    private readonly ownStanding: OwnStanding,
  ) {}

  @MessagePattern(getStanding.pattern)
  standing(): AnswerOf<typeof getStanding> {
    return this.ownStanding.say();
  }

  @MessagePattern(getDeployments.pattern)
  deployments(@Payload() question: QuestionOf<typeof getDeployments>): Promise<AnswerOf<typeof getDeployments>> {
    return this.reads.deployments(question.provider, question.deploymentIds);
  }

  @MessagePattern(listCustomers.pattern)
  customers(@Payload() question: QuestionOf<typeof listCustomers>): Promise<AnswerOf<typeof listCustomers>> {
    return this.reads.openCustomers(question.provider);
  }

  @MessagePattern(getCustomer.pattern)
  customer(@Payload() question: QuestionOf<typeof getCustomer>): Promise<AnswerOf<typeof getCustomer>> {
    return this.reads.customer(question.provider, question.customerGuid);
  }

  @MessagePattern(actOnDeployment.pattern, acting)
  async act(@Payload() { action, caller, deploymentId, provider, reason }: QuestionOf<typeof actOnDeployment>): Promise<AnswerOf<typeof actOnDeployment>> {
    const customerGuid = await this.reads.customerOf(provider, deploymentId);
    if (customerGuid === undefined) return { kind: 'unknown' };
    return (await this.ledger.tell({ kind: 'action', customerGuid, deploymentId, action, caller, reason })).action;
  }

  @MessagePattern(listScriptTemplates.pattern)
  async scripts(): Promise<AnswerOf<typeof listScriptTemplates>> {
    const scripts = await this.catalogue.listScripts();
    const names = new Map(scripts.map(({ id, name }) => [id, name]));
    return scripts.map((script) => scriptView(script, names));
  }

  @MessagePattern(listSbcs.pattern)
  async sbcs(): Promise<AnswerOf<typeof listSbcs>> {
    const sbcs = await this.catalogue.listSbcs();
    return sbcs.map(({ address: _address, ...sbc }) => sbc);
  }
}

function scriptView(script: ScriptTemplateEntity, names: ReadonlyMap<number, string>): ScriptTemplateView {
  const variables: CustomerVariableView[] = script.customerVariables.map(({ defaultValue, isSecret, name, valueKind }) => ({
    name, secret: isSecret, defaultValue: isSecret ? null : defaultValue, valueKind,
  }));
  return {
    id: script.id, name: script.name, scriptType: script.scriptType, version: script.version, script: script.script, customerVariables: variables,
    relatedScripts: script.relatedScripts.map((key) => ({ key, value: names.get(key) ?? '' })),
  };
}
