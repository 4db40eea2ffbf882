import { builtinParameterNames } from '@trunkline/contracts';

/** Placeholders every template may use: facts of the customer, the site and the SBC. */
export const builtinPlaceholders = [
  'CustomerShortName', 'CustomerFullName', 'CustomerGuid', 'SiteName', 'SiteGuid', 'MsTenantId',
  'SbcName', 'SbcFqdn', 'IpGroupName', 'OwnerMark', 'OvocCustomerType', 'ChannelId',
] as const;

/** Placeholders whose value no two customers of one SBC share; a row is named with one of them. */
export const customerNames: ReadonlySet<string> = new Set(['CustomerShortName', 'CustomerGuid', 'SiteName', 'SiteGuid', 'IpGroupName', 'OwnerMark']);

/** `CustomVar.Variable<n>` of the n-th declared variable, n from 1. */
export function numberedVariable(position: number): string {
  return `CustomVar.Variable${position}`;
}

/** All names a template with these declared variables may use. */
export function knownPlaceholders(declaredVariables: readonly string[]): Set<string> {
  return new Set([
    ...builtinPlaceholders,
    ...builtinParameterNames,
    ...declaredVariables,
    ...declaredVariables.map((_name, index) => numberedVariable(index + 1)),
  ]);
}

/** The values with each declared variable under both of its names, so that a template may use either. */
export function withVariableNumbers(values: Readonly<Record<string, string>>, declaredVariables: readonly string[]): Record<string, string> {
  const both: [string, string][] = declaredVariables.flatMap((name, index) => {
    const number = numberedVariable(index + 1);
    const value = [name, number].filter((key) => Object.hasOwn(values, key)).map((key) => values[key] ?? '')[0];
    return value === undefined ? [] : [[name, value] as [string, string], [number, value] as [string, string]];
  });
  return Object.fromEntries([...Object.entries(values), ...both]);
}

/** The name of a customer's IP group on every SBC: its short name, exactly. */
export function ipGroupName(shortName: string): string {
  return shortName;
}
