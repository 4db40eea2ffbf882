import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { FailureData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** The customer's objects could not be removed from OVOC. */
export class OvocCleanupFailed extends DeploymentEvent {
  static readonly type = 'trunkline.ovoc.cleanup.failed.v1';
  static readonly step = 'ovoc-cleanup';

  @Equals(OvocCleanupFailed.type)
  declare type: typeof OvocCleanupFailed.type;

  @IsObject() @ValidateNested() @Type(() => FailureData)
  data: FailureData;
}
