import { type DeviceDefaults, type DeviceLimits, type Limit, tableName } from '@trunkline/scripts';
import type { InventoryAccess, InventorySbc } from './inventory.js';
import type { JsonReader } from './json-reader.js';

export const sbcProperties = [
  'id', 'ovocSbcId', 'name', 'fqdn', 'address', 'region', 'configurationTypes', 'carriers', 'proxySets', 'cacProfiles', 'defaults', 'limits', 'access',
] as const;
export const accessProperties = ['baseUrl', 'user', 'password', 'passwordEnv', 'caFile', 'insecure'] as const;

const hostName = /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

/** Reads one SBC; undefined, with the problems noted, when anything in it is wrong. */
export function readSbc(at: JsonReader): InventorySbc | undefined {
  if (!at.keys()) return undefined;
  const id = at.at('id').integer(1);
  const ovocSbcId = at.at('ovocSbcId').integer(1);
  const name = at.at('name').text();
  const fqdn = at.at('fqdn').text({ pattern: hostName, expected: 'a host name' });
  const address = at.at('address').optionalText();
  const region = at.at('region').optionalText({ mayBeEmpty: true });
  const lists = {
    configurationTypes: at.at('configurationTypes').texts(),
    carriers: at.at('carriers').texts(),
    proxySets: at.at('proxySets').texts(),
    cacProfiles: at.at('cacProfiles').texts(),
  };
  const defaults: DeviceDefaults = readByParameter(at.at('defaults'), (value) => value.text({ mayBeEmpty: true }));
  const limits: DeviceLimits = readByParameter(at.at('limits'), readLimit);
  const access = readAccess(at.at('access'));
  if (id === undefined || ovocSbcId === undefined || name === undefined || fqdn === undefined || !access) return undefined;
  return { id, ovocSbcId, name, fqdn, region: region ?? '', ...lists, defaults, limits, access, ...address !== undefined && { address } };
}

/** By table, then by parameter. */
function readByParameter<T>(at: JsonReader, read: (value: JsonReader) => T | undefined): Record<string, Record<string, T>> {
  if (at.isAbsent) return {};
  return Object.fromEntries((at.keys() ?? []).map((table) => {
    const parameters = (at.at(table).keys() ?? []).flatMap((parameter): [string, T][] => {
      const value = read(at.at(table).at(parameter));
      return value === undefined ? [] : [[parameter, value]];
    });
    return [tableName(table), Object.fromEntries(parameters)];
  }));
}

function readLimit(at: JsonReader): Limit | undefined {
  const keys = at.keys();
  if (!keys) return undefined;
  for (const key of keys.filter((name) => name !== 'characters' && name !== 'parts' && name !== 'rows')) at.at(key).fail('is not known');
  const [characters, parts, rows] = [at.at('characters'), at.at('parts'), at.at('rows')].map((limit) => (limit.isAbsent ? undefined : limit.integer(1)));
  return { ...characters !== undefined && { characters }, ...parts !== undefined && { parts }, ...rows !== undefined && { rows } };
}

function readAccess(at: JsonReader): InventoryAccess | undefined {
  if (at.isAbsent) return at.fail('is missing');
  const keys = at.keys();
  if (!keys) return undefined;
  // A mistyped `insecure` or `caFile` must not pass for an absent one.
  for (const key of keys.filter((name) => !accessProperties.some((known) => known === name))) at.at(key).fail('is not known');
  const baseUrl = readBaseUrl(at.at('baseUrl'));
  const user = at.at('user').text({ pattern: /^[^:]+$/, expected: 'without a colon' });
  const password = readPassword(at.at('password'));
  const passwordEnv = at.at('passwordEnv').optionalText({ pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, expected: 'the name of an environment variable' });
  const caFile = at.at('caFile').optionalText({ maxLength: 4096 });
  const insecure = at.at('insecure').flag();
  if (at.at('password').isAbsent === at.at('passwordEnv').isAbsent) return at.fail('needs either password or passwordEnv');
  if (baseUrl === undefined || user === undefined || (password === undefined && passwordEnv === undefined)) return undefined;
  return {
    baseUrl, user, insecure,
    ...password !== undefined && { password }, ...passwordEnv !== undefined && { passwordEnv }, ...caFile !== undefined && { caFile },
  };
}

function readPassword(at: JsonReader): string | undefined {
  if (at.isAbsent) return undefined;
  if (typeof at.value !== 'string' || at.value === '') return at.fail('must be a text that is not empty');
  // A password may hold any visible character: it goes into a header, never into a script.
  return /\p{Cc}|\p{Cs}/u.test(at.value) ? at.fail('holds a control character') : at.value;
}

function readBaseUrl(at: JsonReader): string | undefined {
  const text = at.text({ maxLength: 2048 });
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return at.fail('must be an http or https address');
  if (url.username || url.password || url.search || url.hash) return at.fail('must be an address without account, query and fragment');
  return url.href.replace(/\/+$/, '');
}
