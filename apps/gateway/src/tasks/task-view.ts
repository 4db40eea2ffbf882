import { allowedActions, type DeploymentView, taskIdOf, taskStatusOf } from '@trunkline/contracts';
import { ownerMark } from '@trunkline/scripts';

/** A deployment as a task. A refused request has no customer, and its problems can be read here. */
export function taskView({ completedAt, createdAt, deployment }: DeploymentView): object {
  const { state } = deployment;
  const isRejected = state === 'Rejected';
  const detail = isRejected ? deployment.errors[0]?.message ?? deployment.errorCode : 'reason' in deployment ? deployment.reason : null;
  return {
    id: taskIdOf(deployment.deploymentId),
    status: taskStatusOf(state),
    details: [detail],
    executionMessages: deployment.progress.map(({ level, message }) => ({ level, message })),
    outputData: { umpCustomerGuid: isRejected ? null : deployment.customerGuid, ...!isRejected && { ownerMark: ownerMark(deployment.customerGuid) } },
    createTime: createdAt,
    completeTime: completedAt,
    cancellationRequested: null,
    allowedActions: allowedActions(deployment),
    ...(deployment.unverified ? { unverified: deployment.unverified } : {}),
    ...(isRejected ? { errors: deployment.errors.map(({ code, field, message }) => ({ field, code, message })) } : {}),
  };
}
