import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { TicketData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** No object of the customer stands in OVOC, and no attempt of ours can still create one. */
export class OvocCleaned extends DeploymentEvent {
  static readonly type = 'trunkline.ovoc.cleaned.v1';
  static readonly step = 'ovoc-cleanup';

  @Equals(OvocCleaned.type)
  declare type: typeof OvocCleaned.type;

  @IsObject() @ValidateNested() @Type(() => TicketData)
  data: TicketData;
}
