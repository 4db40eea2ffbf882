import type { QueryClient } from '@trunkline/messaging';

interface Query<Question, Answer> {
  readonly queue: string;
  readonly pattern: string;
  readonly question?: Question;
  readonly answer?: Answer;
}

const timeoutMs = 5_000;

/** Questions that a caller waits for. */
export class Reads {
  constructor(private readonly queries: QueryClient) {}

  /** @throws QueryUnavailableError, QueryFailedError; both answer 503 */
  ask<Question, Answer>(query: Query<Question, Answer>, question: Question): Promise<Answer> {
    return this.queries.ask<Answer>(query.queue, query.pattern, question, timeoutMs);
  }
}
