import { Type } from 'class-transformer';
import { Equals, IsObject, IsOptional, IsString, Length, Matches, MaxLength, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

import { RequestMessage } from '../message/message.js';
import { eitherData } from '../message/either-data.js';
import { CreateCustomerRequest } from './create-customer-request.js';

export class CustomerCreateRequestedData {
  /** Without what `sealed` holds. */
  @IsObject() @ValidateNested() @Type(() => CreateCustomerRequest)
  request: CreateCustomerRequest;

  /** JWE of `{scriptParameters, candidates}` that must not be read on the way; merged into `request` by the provisioner. */
  @IsOptional() @IsString() @MaxLength(96 * 1024)
  sealed?: string;

  @IsString() @Length(1, 128) @Matches(/^[\x21-\x7e]+$/)
  caller: string;

  @IsString() @Length(1, 64) @Matches(/^[\x21-\x7e]+$/)
  provider: string;

  /** Copies key of the gateway that waits. */
  @IsOptional() @IsString() @MaxLength(128) @Matches(/^gateway\.[A-Za-z0-9_-]+$/)
  origin?: string;

  /** HMAC-SHA-256 of the whole normalised request, hex: tells a repeat from another body under the same key. */
  @IsOptional() @Matches(/^[0-9a-f]{64}$/)
  fingerprint?: string;
}

/** Onboard a customer. `subject` is the deployment's id: who sends it again under the same one joins. */
@JSONSchema(eitherData)
export class CustomerCreateRequested extends RequestMessage {
  static readonly type = 'trunkline.customer.create.requested.v1';

  @Equals(CustomerCreateRequested.type)
  declare type: typeof CustomerCreateRequested.type;

  @IsObject() @ValidateNested() @Type(() => CustomerCreateRequestedData)
  data: CustomerCreateRequestedData;
}
