import { CustomerCreateAccepted } from '../customer/customer-create-accepted.js';
import { CustomerCreateRejected } from '../customer/customer-create-rejected.js';
import { CustomerCreateRequested } from '../customer/customer-create-requested.js';
import { CustomerCreated } from '../customer/customer-created.js';
import { CustomerDeleteAccepted } from '../customer/customer-delete-accepted.js';
import { CustomerDeleteRequested } from '../customer/customer-delete-requested.js';
import { DeploymentAbandoned } from '../deployment/deployment-abandoned.js';
import { DeploymentCompleted } from '../deployment/deployment-completed.js';
import { DeploymentProgressed } from '../deployment/deployment-progressed.js';
import { RequestRefused } from '../deployment/request-refused.js';
import { OvocCleaned } from '../ovoc/ovoc-cleaned.js';
import { OvocCleanupFailed } from '../ovoc/ovoc-cleanup-failed.js';
import { OvocCleanupRequested } from '../ovoc/ovoc-cleanup-requested.js';
import { OvocSiteCreated } from '../ovoc/ovoc-site-created.js';
import { OvocSyncFailed } from '../ovoc/ovoc-sync-failed.js';
import { SbcCleaned } from '../sbc/sbc-cleaned.js';
import { SbcCleanupFailed } from '../sbc/sbc-cleanup-failed.js';
import { SbcCleanupRequested } from '../sbc/sbc-cleanup-requested.js';
import { SbcOnboarded } from '../sbc/sbc-onboarded.js';
import { SbcOnboardingFailed } from '../sbc/sbc-onboarding-failed.js';
import type { Message } from '../message/message.js';

/** What anybody may ask for: exchange `requests`. */
export const requestClasses = [CustomerCreateRequested, CustomerDeleteRequested] as const;

/** What happened: exchange `events`. */
export const eventClasses = [
  CustomerCreateAccepted, CustomerCreateRejected, CustomerDeleteAccepted, CustomerCreated,
  SbcOnboarded, SbcOnboardingFailed, SbcCleanupRequested, SbcCleaned, SbcCleanupFailed,
  OvocSiteCreated, OvocSyncFailed, OvocCleanupRequested, OvocCleaned, OvocCleanupFailed,
  DeploymentAbandoned, DeploymentCompleted, DeploymentProgressed, RequestRefused,
] as const;

const requestTypes: ReadonlySet<string> = new Set(requestClasses.map(({ type }) => type));

/** What a service remembers of a message it has received. Ids of requests are their senders', and two senders may choose the same one. */
export function receiptOf({ id, source, type }: Pick<Message, 'id' | 'source' | 'type'>): string {
  return /* safeguard: receipt-source */ requestTypes.has(type) ? `${source} ${id}` : id;
}

export const messageClasses = [...requestClasses, ...eventClasses] as const;

/** The message a class describes. */
export type MessageOf<Class> = Class extends new () => infer M ? (M extends Message ? M : never) : never;
