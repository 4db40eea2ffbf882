import { Equals, IsISO8601, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, MaxLength, Min } from 'class-validator';

import { jsonMediaType } from '../json/media-type.js';

/** How types look on the wire: `trunkline.<routing key>.v<major>`. */
export const messageTypePattern = /^trunkline\.([a-z]+(?:\.[a-z]+)+)\.v([1-9]\d*)$/;

/** CloudEvents 1.0 in structured JSON. `subject` is the deployment's id. */
export abstract class Message {
  @Equals('1.0')
  specversion: '1.0';

  /** Unique per `source`; the same message sent again keeps it. */
  @IsString() @Length(1, 128) @Matches(/^[\x21-\x7e]+$/)
  id: string;

  @IsString() @Length(1, 256) @Matches(/^[\x21-\x7e]+$/)
  source: string;

  @IsString() @MaxLength(128) @Matches(messageTypePattern)
  type: string;

  subject: string;
  time?: string;
  datacontenttype?: string;
  traceparent?: string;
}

/** What anybody may ask for: any CloudEvent with the right data. The decoder gives it a `subject`, and `data` where `data_base64` came. */
export abstract class RequestMessage extends Message {
  @IsOptional() @IsUUID()
  declare subject: string;

  @IsOptional() @IsISO8601({ strict: true })
  declare time?: string;

  @IsOptional() @Matches(jsonMediaType)
  declare datacontenttype?: string;

  @IsOptional() @IsString() @MaxLength(64)
  declare traceparent?: string;
}

/** What one of our services says. */
export abstract class OwnMessage extends Message {
  @IsUUID()
  declare subject: string;

  @IsISO8601({ strict: true })
  declare time: string;

  @Equals('application/json')
  declare datacontenttype: 'application/json';

  @IsOptional() @IsString() @MaxLength(64)
  declare traceparent?: string;
}

/** Something that happened to a deployment. Order is (`round`, phase of the type, `sequence`). */
export abstract class DeploymentEvent extends OwnMessage {
  /** Round of the provisioner's decision that caused it, from 1. */
  @IsInt() @Min(1) @Max(1_000_000)
  round: number;

  /** Orders events of one phase of one round: 0 for a request, the job's attempt for its outcome. */
  @IsInt() @Min(0)
  sequence: number;

  @IsString() @Length(1, 64)
  step: string;
}

/** The `source` of what a gateway sends for its callers, whom it answers itself. */
export const gatewaySource = 'trunkline/gateway';

/** The content type of every message. */
export const cloudEventsContentType = 'application/cloudevents+json';

/** `trunkline.customer.create.requested.v1` -> `customer.create.requested` */
export function routingKeyOf(type: string): string {
  const match = messageTypePattern.exec(type);
  if (!match?.[1]) throw new Error(`not a message type: ${type}`);
  return match[1];
}

/** The message a class describes. */
export type MessageOf<Class> = Class extends new () => infer M ? (M extends Message ? M : never) : never;
