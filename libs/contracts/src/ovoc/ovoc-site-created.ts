import { Type } from 'class-transformer';
import { Equals, IsInt, IsObject, Min, ValidateNested } from 'class-validator';

import { TicketData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';

/** Ids in OVOC of what belongs to the customer. */
export class OvocIds {
  @IsInt() @Min(1)
  lcCustomerId: number;

  @IsInt() @Min(1)
  serviceId: number;

  @IsInt() @Min(1)
  siteId: number;

  @IsInt() @Min(1)
  linkId: number;
}

export class OvocSiteCreatedData extends TicketData {
  @IsObject() @ValidateNested() @Type(() => OvocIds)
  ovoc: OvocIds;
}

/** LC customer, service, site and link stand in OVOC. */
export class OvocSiteCreated extends DeploymentEvent {
  static readonly type = 'trunkline.ovoc.site.created.v1';
  static readonly step = 'ovoc-sync';

  @Equals(OvocSiteCreated.type)
  declare type: typeof OvocSiteCreated.type;

  @IsObject() @ValidateNested() @Type(() => OvocSiteCreatedData)
  data: OvocSiteCreatedData;
}
