import { Type } from 'class-transformer';
import { ArrayMaxSize, Equals, IsArray, IsIn, IsObject, IsString, Length, ValidateNested } from 'class-validator';

import { maxFieldProblems } from '../limits.js';
import { FieldProblem } from '../problem/field-problem.js';
import { OwnMessage } from '../message/message.js';

export class RequestRefusedData {
  /** Id of the `*.requested` message that is refused. */
  @IsString() @Length(1, 128)
  requestId: string;

  @IsIn([400, 404, 409, 422, 500, 503])
  status: 400 | 404 | 409 | 422 | 500 | 503;

  @IsString() @Length(1, 64)
  errorCode: string;

  @IsArray() @ArrayMaxSize(maxFieldProblems) @ValidateNested({ each: true }) @Type(() => FieldProblem)
  errors: FieldProblem[];
}

/** The answer to one request that starts or joins no deployment. Live only, to its origin: never part of a log. */
export class RequestRefused extends OwnMessage {
  static readonly type = 'trunkline.request.refused.v1';

  @Equals(RequestRefused.type)
  declare type: typeof RequestRefused.type;

  @IsObject() @ValidateNested() @Type(() => RequestRefusedData)
  data: RequestRefusedData;
}
