import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { CleanupData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** Remove the customer's objects from OVOC. Asked also where nothing was reported. */
export class OvocCleanupRequested extends DeploymentEvent {
  static readonly type = 'trunkline.ovoc.cleanup.requested.v1';
  static readonly step = 'ovoc-cleanup';

  @Equals(OvocCleanupRequested.type)
  declare type: typeof OvocCleanupRequested.type;

  @IsObject() @ValidateNested() @Type(() => CleanupData)
  data: CleanupData;
}
