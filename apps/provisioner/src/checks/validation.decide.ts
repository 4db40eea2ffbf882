import {
  cacProfileHasNoEffect, cleanupScriptNotRelated, type CreateCustomerRequest, customerDataCreated, fieldProblem, type FieldProblem, type ProgressEntry,
  tenantIsValid, type Ticket,
} from '@trunkline/contracts';
import {
  checkRendered, checkTemplate, type DeviceLimits, ipGroupName, ipGroupTable, masked, missingPlaceholders, ownerMark, pairProblems, parseTemplate, passwordsIn,
  renderCommands, RenderError, type RenderedScript, scriptText, type Template, withVariableNumbers,
} from '@trunkline/scripts';

import type { TenantAnswer } from '../microsoft/microsoft-tenants.js';
import type { Resolved } from './script-parameters.js';

/** A script template with its declared variables, in order. */
export interface KnownScript {
  readonly id: number;
  readonly version: number;
  readonly name: string;
  readonly scriptType: number;
  readonly script: string;
  readonly relatedScripts: readonly number[];
  readonly customerVariables: readonly { readonly name: string; readonly isSecret: boolean; readonly defaultValue: string | null }[];
}

export interface KnownSbc {
  readonly id: number;
  readonly ovocSbcId: number;
  readonly name: string;
  readonly fqdn: string;
  readonly address: string | null;
  readonly configurationTypes: readonly string[];
  readonly proxySets: readonly string[];
  readonly cacProfiles: readonly string[];
}

const sbcOnboarding = 1;
const sbcCleanup = 2;

/** What is wrong with the catalogue ids of a request. */
export function checkReferences(
  request: CreateCustomerRequest, sbc: KnownSbc | undefined, onboarding: KnownScript | undefined, cleanup: KnownScript | undefined,
): FieldProblem[] {
  const { sbcCleanupScript, sbcId, sbcOnboardingScript } = request.siteLocation;
  return [
    ...(sbc ? [] : [fieldProblem('siteLocation.sbcId', 'SBC_NOT_FOUND', `SBC ${sbcId} is not known. GET /api/v2/sbc lists those that are.`)]),
    ...checkScript('siteLocation.sbcOnboardingScript', sbcOnboardingScript, onboarding, sbcOnboarding, 'an SBC onboarding script'),
    ...checkScript('siteLocation.sbcCleanupScript', sbcCleanupScript, cleanup, sbcCleanup, 'an SBC cleanup script'),
  ];
}

function checkScript(field: string, id: number, script: KnownScript | undefined, scriptType: number, kind: string): FieldProblem[] {
  if (!script) return [fieldProblem(field, 'SCRIPT_NOT_FOUND', `Script ${id} is not known. GET /api/v2/scripttemplates lists those that are.`)];
  if (script.scriptType !== scriptType) return [fieldProblem(field, 'SCRIPT_WRONG_KIND', `Script ${id} (${script.name}) is not ${kind}.`)];
  return [];
}

/** What Microsoft's answer makes wrong with the request. */
export function checkTenant(tenantId: string, answer: TenantAnswer): FieldProblem[] {
  switch (answer.kind) {
    case 'valid': return [];
    case 'not-found': return [fieldProblem('msTenantId', 'MS_TENANT_ID_NOT_FOUND', `Microsoft knows no tenant ${tenantId}.`)];
    case 'not-allowed': return [fieldProblem('msTenantId', 'MS_TENANT_ID_NOT_ALLOWED', answer.reason)];
  }
}

/** Names that the scripts would miss with these values. */
export function missingNames(scripts: readonly KnownScript[], values: Readonly<Record<string, string>>): string[] {
  const names = scripts.flatMap((script) => {
    const parsed = parseTemplate(script.script);
    const numbered = withVariableNumbers(values, script.customerVariables.map((variable) => variable.name));
    return parsed.ok ? missingPlaceholders(parsed.template, numbered) : [];
  });
  return [...new Set(names)];
}

/** What the caller reads when the checks could not be made in their time. */
export function uncheckedProblem(
  { code, reason }: { readonly code: string; readonly reason: string }, { channelId }: Pick<CreateCustomerRequest, 'channelId'>,
): FieldProblem {
  switch (code) {
    case 'MS_TENANT_CHECK_UNAVAILABLE': return fieldProblem('msTenantId', code, 'Microsoft could not be asked whether the tenant exists. Try again later.');
    case 'OVOC_CHECK_UNAVAILABLE':
      return fieldProblem(channelId === undefined ? 'lcCustomerId' : 'channelId', code, 'OVOC could not be asked about channelId or lcCustomerId. Try again later.');
    default: return fieldProblem('', 'SERVICE_UNAVAILABLE', `The request could not be checked: ${reason}. Try again.`);
  }
}

/** The two scripts of a request, and what the SBC takes. */
interface ScriptPair {
  readonly onboarding: KnownScript;
  readonly cleanup: KnownScript;
  readonly limits: DeviceLimits;
}

/**
 * Why the two scripts can't be used with these values: said before anything is created, and made sure of again by the agent. The messages show
 * neither the value of a secret name nor a password of the scripts.
 */
export function checkRendering(
  { cleanup, limits, onboarding }: ScriptPair, { secretNames, values }: Pick<Resolved, 'secretNames' | 'values'>,
  request: Pick<CreateCustomerRequest, 'ovocCustomerType'>,
): FieldProblem[] {
  try {
    const on = rendered('onboarding', onboarding, values, limits);
    const off = rendered('cleanup', cleanup, values, limits);
    const problems = [
      ...scriptProblems('siteLocation.sbcOnboardingScript', onboarding, on), ...scriptProblems('siteLocation.sbcCleanupScript', cleanup, off),
    ];
    const [unpaired] = on.template && off.template
      ? pairProblems({ rows: on.rows, removes: off.removes, template: on.template, values: on.values }, `script ${onboarding.id} (${onboarding.name})`)
      : [];
    if (unpaired !== undefined) {
      problems.push(fieldProblem('siteLocation.sbcCleanupScript', 'SCRIPT_WRONG_KIND', `Script ${cleanup.id} (${cleanup.name}) ${unpaired}.`));
    }
    const needsIpGroup = /* safeguard: ip-group-type-needs-ip-group */ request.ovocCustomerType === 'IPGROUP_TYPE';
    if (needsIpGroup && problems.length === 0 && !on.rows.some(({ table }) => table === ipGroupTable)) {
      const message = `Script ${onboarding.id} (${onboarding.name}) makes no IP Group of the customer's own, which OVOC needs for IPGROUP_TYPE. Use TENANT_TYPE, or another script.`;
      problems.push(fieldProblem('ovocCustomerType', 'SCRIPT_WRONG_KIND', message));
    }
    const secrets = [...secretNames.map((name) => values[name] ?? ''), ...passwordsIn(on.text), ...passwordsIn(off.text)];
    return problems.map((problem) => ({ ...problem, message: /* safeguard: secrets-in-refused-request */ masked(problem.message, secrets) }));
  } catch (error) {
    if (error instanceof RenderError) return [fieldProblem(`scriptParameters["${error.variable}"]`, 'SCRIPT_PARAMETER_VALUE', `${error.message}.`)];
    throw error;
  }
}

function scriptProblems(field: string, { id, name }: KnownScript, { problems }: RenderedScript): FieldProblem[] {
  return problems.map(({ line, message }) => fieldProblem(field, 'SCRIPT_WRONG_KIND', `Script ${id} (${name}) can't be used: line ${line}: ${message}.`));
}

interface UnusableScript {
  readonly id: number;
  readonly name: string;
  readonly problems: readonly string[];
}

/** What is wrong with templates that were stored before they were checked like this, or changed since: no request that uses them is accepted. */
export function checkStored(scripts: readonly KnownScript[], limits: DeviceLimits): UnusableScript[] {
  return scripts.flatMap(({ customerVariables, id, name, script, scriptType }) => {
    const kind = scriptType === sbcOnboarding ? 'onboarding' : scriptType === sbcCleanup ? 'cleanup' : undefined;
    const problems = kind === undefined ? [] : checkTemplate(kind, script, customerVariables.map((variable) => variable.name), limits);
    return problems.length === 0 ? [] : [{ id, name, problems: problems.map(({ line, message }) => `line ${line}: ${message}`) }];
  });
}

/** `template` is there when the script could be parsed. */
interface RenderedKnown extends RenderedScript {
  readonly text: string;
  readonly template: Template | undefined;
  readonly values: Readonly<Record<string, string>>;
}

function rendered(
  kind: 'onboarding' | 'cleanup', { customerVariables, script }: KnownScript, values: Readonly<Record<string, string>>, limits: DeviceLimits,
): RenderedKnown {
  const parsed = parseTemplate(script);
  if (!parsed.ok) return { rows: [], removes: [], problems: parsed.errors, text: script, template: undefined, values };
  const numbered = withVariableNumbers(values, customerVariables.map((variable) => variable.name));
  const commands = renderCommands(parsed.template, numbered);
  return { ...checkRendered(kind, commands, values.CustomerGuid ?? '', limits), text: scriptText(commands), template: parsed.template, values: numbered };
}

/** Values of the placeholders that are facts of the deployment, not parameters of the request. */
export function factsOf(ticket: Ticket, sbcName: string): Record<string, string> {
  return {
    CustomerShortName: ticket.shortName, CustomerFullName: ticket.fullName, CustomerGuid: ticket.customerGuid, SiteName: ticket.shortName,
    SiteGuid: ticket.siteGuid,
    MsTenantId: ticket.msTenantId, SbcName: sbcName, SbcFqdn: ticket.sbc.fqdn, IpGroupName: ipGroupName(ticket.shortName),
    OwnerMark: ownerMark(ticket.customerGuid),
    OvocCustomerType: ticket.ovocCustomerType,
    ChannelId: ticket.channelId === undefined ? '' : String(ticket.channelId),
  };
}

/** What the caller reads once the record is written. */
export function acceptedProgress(onboarding: KnownScript, cleanup: KnownScript, request: CreateCustomerRequest): ProgressEntry[] {
  const isPaired = onboarding.relatedScripts.includes(cleanup.id);
  const isCacUnused = request.ovocCustomerType === 'TENANT_TYPE' && request.scriptParameters.CacProfile !== undefined;
  return [
    tenantIsValid,
    ...(isPaired ? [] : [cleanupScriptNotRelated(cleanup.id, onboarding.id)]),
    ...(isCacUnused ? [cacProfileHasNoEffect] : []),
    customerDataCreated,
  ];
}
