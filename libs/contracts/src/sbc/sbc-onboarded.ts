import { Type } from 'class-transformer';
import { ArrayMaxSize, Equals, IsArray, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';

import { TicketData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

export class SbcOnboardedData extends TicketData {
  /** `<row>: <parameter>` of what the SBC shows only as set, and not with its value; absent when everything could be compared. */
  @IsOptional() @IsArray() @ArrayMaxSize(64) @IsString({ each: true }) @MaxLength(1024, { each: true })
  unverified?: string[];
}

/** Every row of the onboarding script stands on the SBC and is the customer's own. */
export class SbcOnboarded extends DeploymentEvent {
  static readonly type = 'trunkline.sbc.onboarded.v1';
  static readonly step = 'sbc-onboarding';

  @Equals(SbcOnboarded.type)
  declare type: typeof SbcOnboarded.type;

  @IsObject() @ValidateNested() @Type(() => SbcOnboardedData)
  data: SbcOnboardedData;
}
