import { Type } from 'class-transformer';
import { Equals, IsIn, IsInt, IsObject, IsOptional, IsString, MaxLength, Min, ValidateNested } from 'class-validator';

import { maxReasonLength } from '../limits.js';
import { RefData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** `Held` and `CleanupRequired` are resting places that a later round leaves; the others are ends. */
export const outcomes = ['Deployed', 'Held', 'Failed', 'CleanupRequired', 'Cancelled', 'Deleted'] as const;
export type Outcome = (typeof outcomes)[number];

export class DeploymentCompletedData extends RefData {
  @IsIn(outcomes)
  outcome: Outcome;

  /** How many events the log holds with this one: who has seen as many has seen all. */
  @IsInt() @Min(1)
  eventCount: number;

  /** One line on what went wrong; absent when nothing did. */
  @IsOptional() @IsString() @MaxLength(maxReasonLength)
  reason?: string;
}

/** The outcome of a round, recorded before it is told. */
export class DeploymentCompleted extends DeploymentEvent {
  static readonly type = 'trunkline.deployment.completed.v1';
  static readonly step = 'outcome';

  @Equals(DeploymentCompleted.type)
  declare type: typeof DeploymentCompleted.type;

  @IsObject() @ValidateNested() @Type(() => DeploymentCompletedData)
  data: DeploymentCompletedData;
}
