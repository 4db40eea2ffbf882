import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { TicketData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** Every row of the onboarding script stands on the SBC and is the customer's own. */
export class SbcOnboarded extends DeploymentEvent {
  static readonly type = 'trunkline.sbc.onboarded.v1';
  static readonly step = 'sbc-onboarding';

  @Equals(SbcOnboarded.type)
  declare type: typeof SbcOnboarded.type;

  @IsObject() @ValidateNested() @Type(() => TicketData)
  data: TicketData;
}
