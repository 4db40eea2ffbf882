import { v5 as uuidV5 } from 'uuid';

import { guidPattern } from '../limits.js';

const namespace = 'a3c5dfb4-4f0f-5b0e-9a53-1f6f1c0a2b77';
const taskPrefix = 'wst_';

/** Deployment of a create that carries an `Idempotency-Key`: the same caller and key always mean the same one. */
export const keyedDeploymentId = (caller: string, key: string): string => uuidV5(JSON.stringify(['key', caller, key]), namespace);
/** Deployment of a create that another system published. */
export const publishedDeploymentId = (source: string, id: string): string => uuidV5(JSON.stringify(['event', source, id]), namespace);
export const customerGuidOf = (deploymentId: string): string => uuidV5('customer', deploymentId);
export const siteGuidOf = (deploymentId: string, site = 1): string => uuidV5(`site/${site}`, deploymentId);
/** A customer is deleted at most once, so its removal has a fixed deployment: who asks twice joins it. */
export const deleteDeploymentId = (customerGuid: string): string => uuidV5('delete', customerGuid);
/** Ids of what one decision emits follow from its cause: repeating the decision repeats the ids. */
export const eventIdOf = (deploymentId: string, round: number, type: string, sequence: number): string =>
  uuidV5(JSON.stringify([round, type, sequence]), deploymentId);

export const taskIdOf = (deploymentId: string): string => taskPrefix + deploymentId;
/** The deployment behind a task id, or undefined when it is none of ours. */
export function deploymentIdOf(taskId: string): string | undefined {
  const id = taskId.startsWith(taskPrefix) ? taskId.slice(taskPrefix.length).toLowerCase() : '';
  return guidPattern.test(id) ? id : undefined;
}
