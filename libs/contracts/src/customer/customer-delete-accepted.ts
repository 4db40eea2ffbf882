import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { RefData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** A customer's removal is on disk and will end. */
export class CustomerDeleteAccepted extends DeploymentEvent {
  static readonly type = 'trunkline.customer.delete.accepted.v1';
  static readonly step = 'request';

  @Equals(CustomerDeleteAccepted.type)
  declare type: typeof CustomerDeleteAccepted.type;

  @IsObject() @ValidateNested() @Type(() => RefData)
  data: RefData;
}
