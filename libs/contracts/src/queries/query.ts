import type { ServiceName } from '../process/services.js';

/** Questions between services: a pattern, what is asked, what is answered. One queue a service that answers. */
export interface Query<Pattern extends string, Question, Answer> {
  readonly pattern: Pattern;
  readonly queue: string;
  /** Types only; never set. */
  readonly question?: Question;
  readonly answer?: Answer;
}

/** The queue of questions to a service. */
export const queriesOf = (service: ServiceName): string => `${service}.queries`;

export const query = <Question, Answer>() => <Pattern extends string>(queue: string, pattern: Pattern): Query<Pattern, Question, Answer> => (
  { pattern, queue }
);

export type QuestionOf<Q> = Q extends Query<string, infer Question, unknown> ? Question : never;
export type AnswerOf<Q> = Q extends Query<string, unknown, infer Answer> ? Answer : never;
