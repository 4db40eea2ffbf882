import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { FailureData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** The customer's rows could not be taken off the SBC. */
export class SbcCleanupFailed extends DeploymentEvent {
  static readonly type = 'trunkline.sbc.cleanup.failed.v1';
  static readonly step = 'sbc-cleanup';

  @Equals(SbcCleanupFailed.type)
  declare type: typeof SbcCleanupFailed.type;

  @IsObject() @ValidateNested() @Type(() => FailureData)
  data: FailureData;
}
