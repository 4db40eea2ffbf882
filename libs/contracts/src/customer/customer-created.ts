import { Type } from 'class-transformer';
import { Equals, IsInt, IsISO8601, IsObject, IsOptional, IsString, Length, MaxLength, Min, ValidateNested } from 'class-validator';

import { maxScriptBytes } from '../limits.js';
import { TicketData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** A script template as it was when the request was accepted: later edits do not reach a running deployment. */
export class PinnedScript {
  @IsInt() @Min(1)
  id: number;

  @IsInt() @Min(1)
  version: number;

  @IsString() @Length(1, maxScriptBytes)
  text: string;
}

/** All that an agent needs to program one site, and later to take it off again. */
export class ScriptJob {
  @IsObject() @ValidateNested() @Type(() => PinnedScript)
  onboarding: PinnedScript;

  @IsObject() @ValidateNested() @Type(() => PinnedScript)
  cleanup: PinnedScript;

  /** Values by placeholder name that are no secrets. */
  @IsObject()
  values: Record<string, string>;

  /** JWE of a JSON object with the secret values; absent when there are none. */
  @IsOptional() @IsString() @MaxLength(64 * 1024)
  sealedValues?: string;
}

export class CustomerCreatedData extends TicketData {
  @IsObject() @ValidateNested() @Type(() => ScriptJob)
  script: ScriptJob;

  /** After this instant no forward work of the round begins. */
  @IsISO8601({ strict: true })
  startBy: string;
}

/** Customer and site are stored; the SBC is next. */
export class CustomerCreated extends DeploymentEvent {
  static readonly type = 'trunkline.customer.created.v1';
  static readonly step = 'customer';

  @Equals(CustomerCreated.type)
  declare type: typeof CustomerCreated.type;

  @IsObject() @ValidateNested() @Type(() => CustomerCreatedData)
  data: CustomerCreatedData;
}
