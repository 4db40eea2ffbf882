import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, IsString, IsUUID, Length, Matches, MaxLength, Min, ValidateNested } from 'class-validator';

import { guidPattern } from '../limits.js';

export const ovocCustomerTypes = ['IPGROUP_TYPE', 'TENANT_TYPE'] as const;
export type OvocCustomerType = (typeof ovocCustomerTypes)[number];

/** Which SBC, as every service needs to know it. Never an access or a password. */
export class SbcRef {
  @IsInt() @Min(1)
  id: number;

  /** Its id in OVOC's device list. */
  @IsInt() @Min(1)
  ovocSbcId: number;

  @IsString() @Length(1, 253)
  fqdn: string;

  @IsOptional() @IsString() @MaxLength(253)
  address?: string;
}

/** Whose deployment an event belongs to. */
export class DeploymentRef {
  @IsString() @Length(1, 64)
  provider: string;

  /** Copies key of the gateway that waits (`gateway.<instance>`); absent when nobody does. */
  @IsOptional() @IsString() @MaxLength(128) @Matches(/^gateway\.[A-Za-z0-9_-]+$/)
  origin?: string;

  @IsUUID()
  customerGuid: string;

  @IsUUID()
  siteGuid: string;

  @IsString() @Length(1, 64)
  shortName: string;
}

/** The small set of facts that travels with every step of a deployment. */
export class Ticket extends DeploymentRef {
  @IsString() @Length(1, 255)
  fullName: string;

  @Matches(guidPattern)
  msTenantId: string;

  @IsIn(ovocCustomerTypes)
  ovocCustomerType: OvocCustomerType;

  @IsOptional() @IsInt() @Min(1)
  channelId?: number;

  @IsOptional() @IsInt() @Min(1)
  lcCustomerId?: number;

  @IsObject() @ValidateNested() @Type(() => SbcRef)
  sbc: SbcRef;
}
