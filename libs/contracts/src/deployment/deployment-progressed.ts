import { Type } from 'class-transformer';
import { Equals, IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';

import { DeploymentRef } from '../message/ticket.js';
import { OwnMessage } from '../message/message.js';

export class DeploymentProgressedData {
  @IsObject() @ValidateNested() @Type(() => DeploymentRef)
  ticket: DeploymentRef;

  @IsString() @MaxLength(32)
  state: string;

  @IsString() @MaxLength(1024)
  message: string;
}

/** What a step is busy with right now. Live only: never stored, never folded. */
export class DeploymentProgressed extends OwnMessage {
  static readonly type = 'trunkline.deployment.progressed.v1';

  @Equals(DeploymentProgressed.type)
  declare type: typeof DeploymentProgressed.type;

  @IsObject() @ValidateNested() @Type(() => DeploymentProgressedData)
  data: DeploymentProgressedData;
}
