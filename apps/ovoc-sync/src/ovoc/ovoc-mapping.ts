import { integer, type RawObject } from './ovoc-answer.decide.js';
import type { LcCustomer, OvocChannel, OvocDevice, OvocLink, OvocObject, OvocService, OvocSite } from './ovoc-objects.js';

/** GUIDs and host names are the same in any case. */
export function isEqual(actual: unknown, wanted: string | number): boolean {
  if (typeof wanted === 'number') return integer(actual) === wanted;
  return typeof actual === 'string' && actual.toLowerCase() === wanted.toLowerCase();
}

function named(raw: RawObject): OvocObject {
  return { id: raw.id, ...optional('name', text(raw['name'])), ...optional('description', text(raw['description'])) };
}

export function toLcCustomer(raw: RawObject): LcCustomer {
  return { ...named(raw), ...optional('channelId', integer(raw['channelId'])) };
}

export function toService(raw: RawObject): OvocService {
  return { ...named(raw), ...optional('serviceId', text(raw['serviceId'])), ...optional('lcCustomerId', integer(raw['lcCustomerId'])) };
}

export function toSite(raw: RawObject): OvocSite {
  return { ...named(raw), ...optional('siteGuid', text(raw['siteGuid'])), ...optional('serviceId', integer(raw['serviceId'])) };
}

export function toLink(raw: RawObject): OvocLink {
  return {
    ...named(raw), ...optional('siteId', integer(raw['siteId'])), ...optional('deviceId', integer(raw['deviceId'])),
    ...optional('ipGroupName', text(raw['ipGroupName'])), ...optional('msTenantId', text(raw['msTenantId'])),
  };
}

export function toDevice(raw: RawObject): OvocDevice {
  return { ...named(raw), ...optional('fqdn', text(raw['fqdn'])), ...optional('ipAddress', text(raw['ipAddress'])) };
}

export function toChannel(raw: RawObject): OvocChannel {
  return { ...named(raw), ...optional('tenantId', integer(raw['tenantId'])) };
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
