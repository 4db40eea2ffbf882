import { type AnswerOf, type DeploymentView, getDeployments, type QuestionOf } from '@trunkline/contracts';
import type { QueryClient } from '@trunkline/messaging';

/** The provisioner's log, which has the truth about every deployment. */
export class DeploymentLog {
  constructor(private readonly queries: QueryClient) {}

  /** Those of at most 500 deployments that exist. @throws QueryUnavailableError, QueryFailedError */
  async find(provider: string, deploymentIds: readonly string[], timeoutMs: number): Promise<readonly DeploymentView[]> {
    const question: QuestionOf<typeof getDeployments> = { provider, deploymentIds };
    return this.queries.ask<AnswerOf<typeof getDeployments>>(getDeployments.queue, getDeployments.pattern, question, timeoutMs);
  }
}
