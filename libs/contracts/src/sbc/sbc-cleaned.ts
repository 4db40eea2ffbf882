import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { TicketData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** No row of the customer stands on the SBC, and no attempt of ours can still write one. */
export class SbcCleaned extends DeploymentEvent {
  static readonly type = 'trunkline.sbc.cleaned.v1';
  static readonly step = 'sbc-cleanup';

  @Equals(SbcCleaned.type)
  declare type: typeof SbcCleaned.type;

  @IsObject() @ValidateNested() @Type(() => TicketData)
  data: TicketData;
}
