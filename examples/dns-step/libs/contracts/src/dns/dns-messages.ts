import { Type } from 'class-transformer';
import { Equals, IsObject, IsString, Length, ValidateNested } from 'class-validator';

import { CleanupData, FailureData, TicketData } from '../message/event-data.js';
import { DeploymentEvent } from '../message/message.js';
import type { ProgressEntry } from '../message/progress-entry.js';

export class HostRegisteredData extends TicketData {
  @IsString() @Length(1, 253)
  hostName: string;
}

/** The customer's host name leads to its SBC. */
export class HostRegistered extends DeploymentEvent {
  static readonly type = 'trunkline.dns.registered.v1';
  static readonly step = 'dns';

  @Equals(HostRegistered.type)
  declare type: typeof HostRegistered.type;

  @IsObject() @ValidateNested() @Type(() => HostRegisteredData)
  data: HostRegisteredData;
}

export class HostNotRegistered extends DeploymentEvent {
  static readonly type = 'trunkline.dns.registration.failed.v1';
  static readonly step = 'dns';

  @Equals(HostNotRegistered.type)
  declare type: typeof HostNotRegistered.type;

  @IsObject() @ValidateNested() @Type(() => FailureData)
  data: FailureData;
}

/** Take the customer's host name away. Asked also where nothing was reported. */
export class DnsCleanupRequested extends DeploymentEvent {
  static readonly type = 'trunkline.dns.cleanup.requested.v1';
  static readonly step = 'dns-cleanup';

  @Equals(DnsCleanupRequested.type)
  declare type: typeof DnsCleanupRequested.type;

  @IsObject() @ValidateNested() @Type(() => CleanupData)
  data: CleanupData;
}

/** No name of the customer is left. */
export class DnsCleaned extends DeploymentEvent {
  static readonly type = 'trunkline.dns.cleaned.v1';
  static readonly step = 'dns-cleanup';

  @Equals(DnsCleaned.type)
  declare type: typeof DnsCleaned.type;

  @IsObject() @ValidateNested() @Type(() => TicketData)
  data: TicketData;
}

export class DnsCleanupFailed extends DeploymentEvent {
  static readonly type = 'trunkline.dns.cleanup.failed.v1';
  static readonly step = 'dns-cleanup';

  @Equals(DnsCleanupFailed.type)
  declare type: typeof DnsCleanupFailed.type;

  @IsObject() @ValidateNested() @Type(() => FailureData)
  data: FailureData;
}

/** The step's entry in the process. */
export const dnsStep = {
  service: 'dns-agent', done: HostRegistered, failed: HostNotRegistered,
  failedText: (siteName: string, reason: string): ProgressEntry => ({ level: 'Error', message: `Host name not registered for site ${siteName}: ${reason}` }),
  undo: DnsCleanupRequested, undone: DnsCleaned, undoFailed: DnsCleanupFailed,
  undoFailedText: (siteName: string, reason: string): ProgressEntry => ({ level: 'Error', message: `Host name not removed for site ${siteName}: ${reason}` }),
} as const;
