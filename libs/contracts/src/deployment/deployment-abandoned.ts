import { Type } from 'class-transformer';
import { Equals, IsInt, IsObject, IsString, Length, Min, ValidateNested } from 'class-validator';

import { maxOperatorReasonLength } from '../limits.js';
import { RefData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

export class DeploymentAbandonedData extends RefData {
  /** The operator's own words. */
  @IsString() @Length(1, maxOperatorReasonLength)
  reason: string;

  @IsString() @Length(1, 128)
  caller: string;

  /** Forward events of this customer of this round or an older one start nothing any more. */
  @IsInt() @Min(1)
  closesRound: number;
}

/** An operator has taken over what is left: nothing more is tried, undone or swept, and the name is free. */
export class DeploymentAbandoned extends DeploymentEvent {
  static readonly type = 'trunkline.deployment.abandoned.v1';
  static readonly step = 'operator';

  @Equals(DeploymentAbandoned.type)
  declare type: typeof DeploymentAbandoned.type;

  @IsObject() @ValidateNested() @Type(() => DeploymentAbandonedData)
  data: DeploymentAbandonedData;
}
