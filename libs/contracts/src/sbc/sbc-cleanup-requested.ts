import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { CleanupData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** Take the customer's rows off the SBC. Asked also where nothing was reported. */
export class SbcCleanupRequested extends DeploymentEvent {
  static readonly type = 'trunkline.sbc.cleanup.requested.v1';
  static readonly step = 'sbc-cleanup';

  @Equals(SbcCleanupRequested.type)
  declare type: typeof SbcCleanupRequested.type;

  @IsObject() @ValidateNested() @Type(() => CleanupData)
  data: CleanupData;
}
