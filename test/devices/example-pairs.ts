import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { checkRendered, ownerMark, parseTemplate, type RenderedScript, renderCommands } from '@trunkline/scripts';

export const examplesFolder = resolve(import.meta.dirname, '../../examples/scripts');

/** One of the example pairs, as its list has it. */
export interface ExamplePair {
  readonly id: number;
  readonly folder: string;
  readonly customerType: 'IPGROUP_TYPE' | 'TENANT_TYPE';
  readonly variables: readonly { readonly name: string; readonly defaultValue?: string; readonly secret?: boolean }[];
  /** A value for each parameter; `%n` stands for a number of the customer's own. */
  readonly sample: Readonly<Record<string, string>>;
}

export const examplePairs = JSON.parse(readFileSync(join(examplesFolder, 'pairs.json'), 'utf8')) as readonly ExamplePair[];

export function examplePair(folder: string): ExamplePair {
  const found = examplePairs.find((pair) => pair.folder === folder);
  if (!found) throw new Error(`there is no example ${folder}`);
  return found;
}

/** The parameters of the customer with this number, from 100 to 999. */
export function sampleParameters({ sample }: ExamplePair, customer: number): Record<string, string> {
  return Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, value.replaceAll('%n', String(customer))]));
}

export interface ExampleCustomer {
  readonly shortName: string;
  readonly customerGuid: string;
  readonly msTenantId: string;
  readonly sbcFqdn: string;
  readonly number: number;
}

/** What a pair's script sets for a customer. */
export function renderedExample(pair: ExamplePair, kind: 'onboarding' | 'cleanup', customer: ExampleCustomer): RenderedScript {
  const template = parseTemplate(readFileSync(join(examplesFolder, pair.folder, `${kind}.txt`), 'utf8'));
  if (!template.ok) throw new Error(JSON.stringify(template.errors));
  const { customerGuid, msTenantId, sbcFqdn, shortName } = customer;
  const defaults = Object.fromEntries(pair.variables.map(({ defaultValue = '', name }) => [name, defaultValue]));
  const values = {
    ...defaults, ...sampleParameters(pair, customer.number), IpGroupName: shortName, CustomerGuid: customerGuid, OwnerMark: ownerMark(customerGuid),
    MsTenantId: msTenantId, SbcFqdn: sbcFqdn,
  };
  return checkRendered(kind, renderCommands(template.template, values), customerGuid, {});
}
