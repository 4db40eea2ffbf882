import { Type } from 'class-transformer';
import { Equals, IsObject, ValidateNested } from 'class-validator';

import { FailureData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** The SBC could not be programmed; parts may stand. */
export class SbcOnboardingFailed extends DeploymentEvent {
  static readonly type = 'trunkline.sbc.onboarding.failed.v1';
  static readonly step = 'sbc-onboarding';

  @Equals(SbcOnboardingFailed.type)
  declare type: typeof SbcOnboardingFailed.type;

  @IsObject() @ValidateNested() @Type(() => FailureData)
  data: FailureData;
}
