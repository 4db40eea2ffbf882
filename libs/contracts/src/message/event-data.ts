import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsObject, IsOptional, IsString, Length, MaxLength, Min, ValidateNested } from 'class-validator';

import { maxReasonLength } from '../limits.js';
import { ProgressEntry } from './progress-entry.js';
import { DeploymentRef, Ticket } from './ticket.js';

export class RefData {
  @IsObject() @ValidateNested() @Type(() => DeploymentRef)
  ticket: DeploymentRef;

  @IsArray() @ArrayMaxSize(64) @ValidateNested({ each: true }) @Type(() => ProgressEntry)
  progress: ProgressEntry[];
}

export class TicketData {
  @IsObject() @ValidateNested() @Type(() => Ticket)
  ticket: Ticket;

  @IsArray() @ArrayMaxSize(64) @ValidateNested({ each: true }) @Type(() => ProgressEntry)
  progress: ProgressEntry[];
}

/** A step that ended without its effect. `reason` is the line the caller reads as `errorDetails`. */
export class FailureData extends TicketData {
  @IsString() @Length(1, 64)
  code: string;

  @IsString() @MaxLength(maxReasonLength)
  reason: string;
}

export const undoCauses = ['Failed', 'Cancelled', 'Deleted'] as const;
export type UndoCause = (typeof undoCauses)[number];

/** A wish to take back whatever forward work of this customer may have been done up to `closesRound`. */
export class CleanupData extends TicketData {
  /** Forward events of this customer of this round or an older one start nothing any more. */
  @IsInt() @Min(1)
  closesRound: number;

  /** How the deployment ends once everything is taken back. */
  @IsIn(undoCauses)
  cause: UndoCause;

  /** The line the caller reads as `errorDetails`; absent for a removal that was asked for. */
  @IsOptional() @IsString() @MaxLength(maxReasonLength)
  reason?: string;
}
