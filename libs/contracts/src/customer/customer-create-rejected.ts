import { Type } from 'class-transformer';
import { ArrayMaxSize, Equals, IsArray, IsIn, IsObject, IsString, Length, ValidateNested } from 'class-validator';

import { maxFieldProblems } from '../limits.js';
import { RefData } from '../message/event-data.js';
import { FieldProblem } from '../problem/field-problem.js';
import { DeploymentEvent } from '../message/message.js';

export class CustomerCreateRejectedData extends RefData {
  /** 400 and 409 are final; 503 may pass, and the same request starts afresh. */
  @IsIn([400, 409, 503])
  status: 400 | 409 | 503;

  @IsString() @Length(1, 64)
  errorCode: string;

  @IsArray() @ArrayMaxSize(maxFieldProblems) @ValidateNested({ each: true }) @Type(() => FieldProblem)
  errors: FieldProblem[];
}

/** The checks that need data said no; nothing was created. */
export class CustomerCreateRejected extends DeploymentEvent {
  static readonly type = 'trunkline.customer.create.rejected.v1';
  static readonly step = 'validation';

  @Equals(CustomerCreateRejected.type)
  declare type: typeof CustomerCreateRejected.type;

  @IsObject() @ValidateNested() @Type(() => CustomerCreateRejectedData)
  data: CustomerCreateRejectedData;
}
