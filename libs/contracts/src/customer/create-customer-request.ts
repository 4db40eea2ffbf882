import { Type } from 'class-transformer';
import { ValidateIf, ValidateNested } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

import { guidPattern } from '../limits.js';
import { ovocCustomerTypes, type OvocCustomerType } from '../message/ticket.js';
import { isJsonObject } from '../json/inspect-json.js';
import { Id } from './rules/id.js';
import { hasFullNameCharacters, hasFullNameLength, hasShortNameCharacters, hasShortNameLength, isReservedShortName } from './rules/names.js';
import { Required, Rule, Text, TextRule } from './rules/rule.js';
import { mayBeCustomerTenant } from './rules/tenant.js';
import { variableProblems } from './rules/variables.js';
import { SiteLocation } from './site-location.js';

const isGuid = (value: unknown): boolean => typeof value === 'string' && guidPattern.test(value);
const dictionarySchema = { type: 'object', additionalProperties: { type: 'string', maxLength: 255 } } as const;

/** What a customer is created from, in its normal form: canonical names, ids as numbers, one site, all variables as texts. */
export class CreateCustomerRequest {
  /** Also the name of the IP Group and of the first site. */
  @Required('REQUIRED', 'shortName') @Text('shortName')
  @TextRule('SHORT_NAME_LENGTH', 'shortName must be 3-15 characters.', hasShortNameLength)
  @TextRule('SHORT_NAME_CHARACTERS', 'shortName may hold printable ASCII only, without blanks, dots and \\ / : * ? " < > |.', hasShortNameCharacters)
  @TextRule('SHORT_NAME_RESERVED', 'shortName is a reserved name.', (name) => !isReservedShortName(name))
  @JSONSchema({ minLength: 3, maxLength: 15, pattern: '^[!#-)+,\\-;=@-\\[\\]-{}~0-9]+$' })
  shortName: string;

  @Required('REQUIRED', 'fullName') @Text('fullName')
  @TextRule('FULL_NAME_LENGTH', 'fullName must be 1-200 characters.', hasFullNameLength)
  @TextRule('FULL_NAME_CHARACTERS', 'fullName may not hold control or invisible characters, \\ / : * ? " < > |, or blanks at its ends.', hasFullNameCharacters)
  @JSONSchema({ minLength: 1, maxLength: 200 })
  fullName: string;

  @Required('REQUIRED', 'siteLocation')
  @Rule('SITE_LOCATION_COUNT', 'This request creates a single site location; use Add SIP Connection for more.',
    (value) => !Array.isArray(value) || value.length === 1)
  @Rule('SITE_LOCATION_TYPE', 'siteLocation must be an object.',
    (value) => value === undefined || isJsonObject(value) || (Array.isArray(value) && value.length !== 1))
  @ValidateNested() @Type(() => SiteLocation)
  siteLocation: SiteLocation;

  @Required('REQUIRED', 'ovocCustomerType')
  @Rule('OVOC_CUSTOMER_TYPE', `ovocCustomerType must be ${ovocCustomerTypes.join(' or ')}.`,
    (value) => value === undefined || ovocCustomerTypes.some((type) => type === value))
  @JSONSchema({ type: 'string', enum: [...ovocCustomerTypes] })
  ovocCustomerType: OvocCustomerType;

  @Required('MS_TENANT_ID_REQUIRED', 'msTenantId')
  @Rule('MS_TENANT_ID_FORMAT', 'msTenantId must be a GUID.', (value) => value === undefined || isGuid(value))
  @TextRule('MS_TENANT_ID_NOT_ALLOWED', 'msTenantId must be the tenant of a company.', mayBeCustomerTenant)
  @JSONSchema({ pattern: guidPattern.source })
  msTenantId: string;

  @ValidateIf((request: CreateCustomerRequest) => request.channelId !== undefined) @Id('channelId')
  channelId?: number;

  @ValidateIf((request: CreateCustomerRequest) => request.lcCustomerId !== undefined) @Id('lcCustomerId')
  lcCustomerId?: number;

  /** By canonical name; names that the contract does not know as the caller spelled them. */
  @Rule('SCRIPT_PARAMETER_VALUE', 'scriptParameters holds a name or a value that is not allowed.',
    (value) => variableProblems('scriptParameters', value).length === 0)
  @JSONSchema(dictionarySchema)
  scriptParameters: Record<string, string> = {};

  /** Properties of the body that are variables of the script, or else unknown: only the catalogue can tell. */
  @Rule('SCRIPT_PARAMETER_VALUE', 'A variable at the top of the request has a name or a value that is not allowed.',
    (value) => variableProblems('candidates', value).length === 0)
  @JSONSchema(dictionarySchema)
  candidates: Record<string, string> = {};
}
