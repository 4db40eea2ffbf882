import type { DeploymentAction } from '../deployment/actions.js';
import type { Deployment } from '../deployment/deployment.js';
import type { SbcDeploymentState } from '../deployment/states.js';
import type { FieldProblem } from '../problem/field-problem.js';
import type { OvocCustomerType } from '../message/ticket.js';
import { queriesOf, query } from './query.js';

/** A deployment as the provisioner's log has it. */
export interface DeploymentView {
  readonly deployment: Deployment;
  readonly createdAt: string;
  readonly completedAt: string | null;
}

export interface CustomerBrief {
  readonly customerGuid: string;
  readonly shortName: string;
  readonly fullName: string;
  readonly licenseType: number;
  readonly msTenantId: string | null;
}

export interface SiteLocationView {
  readonly siteGuid: string;
  readonly name: string;
  readonly sbcId: number;
  readonly sbcDeploymentState: SbcDeploymentState;
  readonly sbcConfigurationType: string;
}

export interface CustomerView extends CustomerBrief {
  readonly ovocCustomerType: OvocCustomerType;
  readonly channelId: number | null;
  readonly lcCustomerId: number | null;
  readonly sites: readonly SiteLocationView[];
}

export interface CustomerVariableView {
  readonly name: string;
  readonly secret: boolean;
  readonly defaultValue: string | null;
  readonly valueKind: string;
}

export interface ScriptTemplateView {
  readonly id: number;
  readonly name: string;
  readonly scriptType: number;
  readonly version: number;
  readonly script: string;
  readonly customerVariables: readonly CustomerVariableView[];
  readonly relatedScripts: readonly { readonly key: number; readonly value: string }[];
}

export interface SbcView {
  readonly id: number;
  readonly ovocSbcId: number;
  readonly name: string;
  readonly fqdn: string;
  readonly region: string;
  readonly configurationTypes: readonly string[];
  readonly carriers: readonly string[];
  readonly proxySets: readonly string[];
  readonly cacProfiles: readonly string[];
}

/** Done, or why not. `allowed` is what may be asked instead. */
export type ActionAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-allowed'; readonly state: string; readonly allowed: readonly DeploymentAction[] };

/** What the agents are scaled by. */
export interface ScalingView {
  /** That an agent works on, or that want one within 30 s. */
  readonly busyDevices: number;
  readonly devicesPerAgent: number;
  readonly agentsWanted: number;
  /** That take devices; those that are ending do not. */
  readonly agentsSeen: number;
  readonly oldestWaitSeconds: number;
}

const provisioner = queriesOf('provisioner');
const sbcAgent = queriesOf('sbc-agent');
const ovocSync = queriesOf('ovoc-sync');

/** What one of the provisioners says of itself. */
export interface StandingView {
  readonly instance: string;
  /** Why it can take nothing in right now; empty when it can. */
  readonly reasons: readonly string[];
}

/** Answered without the database, by any of the provisioners; on a queue of its own, for while the database is away the others fill theirs. */
export const getStanding = query<Record<string, never>, StandingView>()(/* safeguard: standing-queue */ 'provisioner.standing', 'standing.get');
/** Those of the asked deployments that exist, of this provider. At most `maxDeploymentsAsked` ids a question. */
export const getDeployments = query<{ provider: string; deploymentIds: readonly string[] }, readonly DeploymentView[]>()(provisioner, 'deployment.list');
/** Open customers only. */
export const listCustomers = query<{ provider: string }, readonly CustomerBrief[]>()(provisioner, 'customer.list');
/** Open or closed; null when there was never one. */
export const getCustomer = query<{ provider: string; customerGuid: string }, CustomerView | null>()(provisioner, 'customer.get');
export const listScriptTemplates = query<Record<string, never>, readonly ScriptTemplateView[]>()(provisioner, 'scripttemplate.list');
export const listSbcs = query<Record<string, never>, readonly SbcView[]>()(provisioner, 'sbc.list');
export const getScaling = query<Record<string, never>, ScalingView>()(sbcAgent, 'scaling.get');
/** What is wrong with references to OVOC's own objects; empty when nothing is. */
export const checkOvocReferences = query<{ channelId?: number; lcCustomerId?: number }, readonly FieldProblem[]>()(ovocSync, 'ovoc.reference.check');
/** An operator's action on a deployment: on disk, with all that follows from it, when it is answered. Asked again it is not allowed any more. */
export const actOnDeployment = query<{
  provider: string; caller: string; deploymentId: string; action: DeploymentAction; reason?: string;
}, ActionAnswer>()(provisioner, 'deployment.act');
