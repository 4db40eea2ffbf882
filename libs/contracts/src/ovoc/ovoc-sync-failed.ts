import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { FailureData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** The customer's objects could not be created in OVOC; parts may stand. */
export class OvocSyncFailed extends DeploymentEvent {
  static readonly type = 'trunkline.ovoc.sync.failed.v1';
  static readonly step = 'ovoc-sync';

  @Equals(OvocSyncFailed.type)
  declare type: typeof OvocSyncFailed.type;

  @IsObject() @ValidateNested() @Type(() => FailureData)
  data: FailureData;
}
