import {
  checkOvocReferences, type CreateCustomerRequest, type CustomerCreateRequested, customerGuidOf, type FieldProblem, maxFieldProblems, type ScriptJob,
  siteGuidOf, type Ticket, validateCreateCustomer,
} from '@trunkline/contracts';
import { type QueryClient, QueryFailedError, QueryUnavailableError } from '@trunkline/messaging';
import { type Clock, reachFaultPoint } from '@trunkline/runtime';
import { type DeviceLimits, numberedVariable, withVariableNumbers } from '@trunkline/scripts';
import type { Secrets } from '@trunkline/secrets';
import { type ClaimedJob, type JobHandler, type StepLimits, TransientError } from '@trunkline/steps';

import type { SbcIdSource } from '../catalogue/catalogue.js';
import type { CatalogueRepository } from '../catalogue/catalogue.repository.js';
import type { DeploymentLedger } from '../ledger/deployment-ledger.js';
import type { MicrosoftTenants } from '../microsoft/microsoft-tenants.js';
import { nameTaken } from '../process/commands/validated.decide.js';
import type { Validation } from '../process/ledger-item.js';
import type { CustomerName } from '../queries/deployment-reads.repository.js';
import { resolveScriptParameters } from './script-parameters.js';
import {
  acceptedProgress, checkReferences, checkRendering, checkTenant, factsOf, type KnownSbc, type KnownScript, missingNames, uncheckedProblem,
} from './validation.decide.js';

export interface ValidationParts {
  readonly ledger: DeploymentLedger;
  readonly catalogue: CatalogueRepository;
  readonly tenants: MicrosoftTenants;
  readonly queries: QueryClient;
  readonly secrets: Secrets;
  readonly isNameTaken: (name: CustomerName) => Promise<boolean>;
  readonly clock: Clock;
  readonly sbcIdSource: SbcIdSource;
  readonly startByMs: number;
  /** What an SBC takes, where it differs from what is known of all. */
  readonly limitsOf: (sbcId: number) => DeviceLimits;
}

const referenceTimeoutMs = 5_000;

interface Checked {
  readonly problems: readonly FieldProblem[];
  /** Why nothing is known. */
  readonly unavailable?: TransientError;
}

/** The checks of a request that need data: everything is asked, all problems are told at once, and only then is anything stored. */
export class ValidateRequest implements JobHandler {
  constructor(private readonly parts: ValidationParts) {}

  limits(): StepLimits {
    // Their caller waits.
    return { deadlineMs: 15_000, maxAttempts: 3, backoffBaseMs: 500, backoffMaxMs: 5_000, lookAfterMs: 0, maxBugs: 3 };
  }

  async run(job: ClaimedJob, signal: AbortSignal): Promise<undefined> {
    await this.conclude(job, await this.validate(JSON.parse(job.payload) as CustomerCreateRequested, signal));
    return undefined;
  }

  async failed(job: ClaimedJob, failure: { readonly code: string; readonly reason: string }): Promise<undefined> {
    const { data: { request } } = JSON.parse(job.payload) as CustomerCreateRequested;
    await this.conclude(job, rejected(503, [uncheckedProblem(failure, request)]));
    return undefined;
  }

  private async conclude(job: ClaimedJob, validation: Validation): Promise<void> {
    await this.parts.ledger.tell({ kind: 'validated', customerGuid: job.customerGuid, round: job.round, validation, job });
  }

  private async validate(message: CustomerCreateRequested, signal: AbortSignal): Promise<Validation> {
    const opened = await this.open(message);
    if (!opened.ok) return rejected(400, opened.errors);
    const { request } = opened;
    const { catalogue, sbcIdSource } = this.parts;
    const { sbcCleanupScript, sbcId, sbcOnboardingScript } = request.siteLocation;
    const known = await catalogue.current();
    const sbc = known.sbc(sbcId, sbcIdSource);
    const [onboarding, cleanup] = [known.script(sbcOnboardingScript), known.script(sbcCleanupScript)];
    const references = checkReferences(request, sbc, onboarding, cleanup);
    reachFaultPoint('provisioner.before-tenant-check');
    const [tenant, ovoc] = await Promise.all([this.tenant(request.msTenantId, signal), this.ovocReferences(request)]);

    const prepared = sbc && onboarding && cleanup && references.length === 0 ? this.prepare(message, request, sbc, onboarding, cleanup) : undefined;
    const wrong = [...references, ...(prepared && !prepared.ok ? prepared.errors : []), ...tenant.problems, ...ovoc.problems];
    if (wrong.length > 0 || !prepared?.ok) return rejected(400, wrong);
    const unavailable = tenant.unavailable ?? ovoc.unavailable;
    if (!unavailable) return { kind: 'passed', customer: { ...prepared.customer, script: await prepared.script() } };
    // What may pass does not hide what will not.
    const { msTenantId, provider, sbc: { id }, shortName } = prepared.customer.ticket;
    if (await this.parts.isNameTaken({ provider, msTenantId, sbcId: id, shortName })) return rejected(409, [nameTaken(shortName)]);
    throw unavailable;
  }

  /** The whole request, what was sealed put back; checked again, because what was sealed has not been. */
  private async open({ data }: CustomerCreateRequested): Promise<{ ok: true; request: CreateCustomerRequest } | {
    ok: false; errors: readonly FieldProblem[];
  }> {
    const { request, sealed } = data;
    if (sealed === undefined) return validateCreateCustomer(request);
    const hidden = await this.parts.secrets.open(sealed);
    return validateCreateCustomer({
      ...request, scriptParameters: { ...request.scriptParameters, ...recordOf(hidden, 'scriptParameters') }, candidates: { ...request.candidates, ...recordOf(hidden, 'candidates') },
    });
  }

  private async tenant(tenantId: string, signal: AbortSignal): Promise<Checked> {
    try {
      return { problems: checkTenant(tenantId, await this.parts.tenants.find(tenantId, signal)) };
    } catch (error) {
      if (error instanceof TransientError) return { problems: [], unavailable: error };
      throw error;
    }
  }

  private async ovocReferences({ channelId, lcCustomerId }: CreateCustomerRequest): Promise<Checked> {
    if (channelId === undefined && lcCustomerId === undefined) return { problems: [] };
    const question = { ...(channelId === undefined ? {} : { channelId }), ...(lcCustomerId === undefined ? {} : { lcCustomerId }) };
    try {
      return { problems: await this.parts.queries.ask<FieldProblem[]>(checkOvocReferences.queue, checkOvocReferences.pattern, question, referenceTimeoutMs) };
    } catch (cause) {
      if (!(cause instanceof QueryUnavailableError || cause instanceof QueryFailedError)) throw cause;
      return { problems: [], unavailable: new TransientError('OVOC_CHECK_UNAVAILABLE', `OVOC could not be asked: ${cause.message}`, { cause }) };
    }
  }

  private prepare(message: CustomerCreateRequested, request: CreateCustomerRequest, sbc: KnownSbc, onboarding: KnownScript, cleanup: KnownScript) {
    const ticket = ticketOf(message, request, sbc);
    const facts = factsOf(ticket, sbc.name);
    const variables = onboarding.customerVariables.map(({ defaultValue, isSecret, name }) => ({ name, secret: isSecret, defaultValue }));
    const resolved = resolveScriptParameters(
      request, { customerVariables: variables, required: (values) => missingNames([onboarding, cleanup], { ...facts, ...values }) }, sbc,
    );
    if (!resolved.ok) return resolved;
    const pair = { onboarding, cleanup, limits: /* safeguard: device-limits */ this.parts.limitsOf(sbc.id) };
    const unusable = checkRendering(pair, { ...resolved, values: { ...facts, ...resolved.values } }, request);
    if (unusable.length > 0) return { ok: false as const, errors: unusable };
    const all = withVariableNumbers(resolved.values, variables.map(({ name }) => name));
    const secretNames = new Set([...resolved.secretNames, ...variables.flatMap(({ secret }, index) => (secret ? [numberedVariable(index + 1)] : []))]);
    const clear = Object.fromEntries(Object.entries(all).filter(([name]) => !secretNames.has(name)));
    const secret = Object.fromEntries(Object.entries(all).filter(([name]) => secretNames.has(name)));
    return {
      ok: true as const,
      customer: {
        ticket, startBy: new Date(this.parts.clock.now().getTime() + this.parts.startByMs).toISOString(), configurationType: sbc.configurationTypes[0] ?? 'SipTrunk',
        progress: acceptedProgress(onboarding, cleanup, request),
      },
      script: async (): Promise<ScriptJob> => ({
        onboarding: { id: onboarding.id, version: onboarding.version, text: onboarding.script },
        cleanup: { id: cleanup.id, version: cleanup.version, text: cleanup.script },
        values: { ...facts, ...clear },
        ...(Object.keys(secret).length > 0 ? { sealedValues: await this.parts.secrets.seal(secret) } : {}),
      }),
    };
  }
}

function ticketOf({ data, subject }: CustomerCreateRequested, request: CreateCustomerRequest, sbc: KnownSbc): Ticket {
  const { channelId, fullName, lcCustomerId, msTenantId, ovocCustomerType, shortName } = request;
  return {
    provider: data.provider, ...(data.origin === undefined ? {} : { origin: data.origin }), customerGuid: customerGuidOf(subject),
    siteGuid: siteGuidOf(subject), shortName, fullName,
    msTenantId, ovocCustomerType, ...(channelId === undefined ? {} : { channelId }), ...(lcCustomerId === undefined ? {} : { lcCustomerId }),
    sbc: { id: sbc.id, ovocSbcId: sbc.ovocSbcId, fqdn: sbc.fqdn, ...(sbc.address === null ? {} : { address: sbc.address }) },
  };
}

function rejected(status: 400 | 409 | 503, errors: readonly FieldProblem[]): Validation {
  return { kind: 'rejected', status, errorCode: errors[0]?.code ?? 'BAD_REQUEST', errors: errors.slice(0, maxFieldProblems) };
}

function recordOf(hidden: Readonly<Record<string, unknown>>, name: string): Record<string, string> {
  const value = hidden[name];
  return typeof value === 'object' && value !== null ? value as Record<string, string> : {};
}
