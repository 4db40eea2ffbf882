import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { RefData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** The request is on disk and will end; sent again to whoever asks again. */
export class CustomerCreateAccepted extends DeploymentEvent {
  static readonly type = 'trunkline.customer.create.accepted.v1';
  static readonly step = 'request';

  @Equals(CustomerCreateAccepted.type)
  declare type: typeof CustomerCreateAccepted.type;

  @IsObject() @ValidateNested() @Type(() => RefData)
  data: RefData;
}
