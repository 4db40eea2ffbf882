import { Type } from 'class-transformer';
import { Equals, IsObject, IsOptional, IsString, IsUUID, Length, Matches, MaxLength, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

import { RequestMessage } from '../message/message.js';
import { eitherData } from '../message/either-data.js';

export class CustomerDeleteRequestedData {
  @IsUUID()
  customerGuid: string;

  @IsString() @Length(1, 128) @Matches(/^[\x21-\x7e]+$/)
  caller: string;

  @IsString() @Length(1, 64) @Matches(/^[\x21-\x7e]+$/)
  provider: string;

  @IsOptional() @IsString() @MaxLength(128) @Matches(/^gateway\.[A-Za-z0-9_-]+$/)
  origin?: string;
}

/** Remove a customer. `subject` is `deleteDeploymentId(customerGuid)`: who asks twice attaches. */
@JSONSchema(eitherData)
export class CustomerDeleteRequested extends RequestMessage {
  static readonly type = 'trunkline.customer.delete.requested.v1';

  @Equals(CustomerDeleteRequested.type)
  declare type: typeof CustomerDeleteRequested.type;

  @IsObject() @ValidateNested() @Type(() => CustomerDeleteRequestedData)
  data: CustomerDeleteRequestedData;
}
