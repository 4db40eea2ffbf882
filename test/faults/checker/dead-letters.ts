import type { DeadLetter, Facts, Returned } from './facts.js';
import type { Violation } from './verdict.js';

/** How long a returned message may be on its way, and so be lost with a queue. */
const onItsWayMs = 60_000;
const losers: ReadonlySet<string> = new Set(['broker', 'everything']);

type Letters = Pick<Facts, 'deadLetters' | 'faultTimes' | 'injected' | 'returned'>;

const keyOf = ({ messageId, service }: { readonly messageId: string; readonly service: string }): string => `${service} ${messageId}`;

/** Dead letters are those that were injected, each once and held, however often they were returned, and no others. */
export function checkDeadLetters({ deadLetters, faultTimes, injected, returned }: Letters): Violation[] {
  const expected = new Map(injected.map((letter) => [keyOf(letter), letter]));
  const counts = new Map<string, number>();
  for (const letter of deadLetters) counts.set(keyOf(letter), (counts.get(keyOf(letter)) ?? 0) + 1);
  const strange = deadLetters.filter((letter) => !expected.has(keyOf(letter)));
  const doubled = [...counts].filter(([, count]) => count > 1);
  const missing = injected.filter((letter) => letter.mayBeMissing !== true && !counts.has(keyOf(letter)));
  const away = deadLetters.filter((letter) => letter.state === 'returned' && !isExcused(letter, { faultTimes, returned }));
  return [
    ...strange.map((letter): Violation => ({ offence: 'unexpected', rule: 'no dead letter but those injected', evidence: `${keyOf(letter)}: ${letter.state}, ${letter.reason ?? 'no reason'}` })),
    ...doubled.map(([key, count]): Violation => ({ offence: 'duplicated', rule: 'a dead letter is kept once', evidence: `${key}: ${count} times` })),
    ...missing.map((letter): Violation => ({ offence: 'lost', rule: 'an injected message is a dead letter', evidence: `${keyOf(letter)}: ${letter.what}` })),
    ...away.map((letter): Violation => ({ offence: 'lost', rule: 'a returned message is refused again', evidence: `${keyOf(letter)}: ${letter.state}` })),
    ...deadLetters.flatMap((letter) => checkTimes(letter, returned.filter((each) => keyOf(each) === keyOf(letter)))),
  ];
}

/** Whether a broker may have lost it since it was returned the last time. */
export function isExcused(letter: Pick<DeadLetter, 'messageId' | 'service'>, { faultTimes, returned }: Pick<Facts, 'faultTimes' | 'returned'>): boolean {
  const sinceMs = Math.max(...returned.filter((each) => keyOf(each) === keyOf(letter)).flatMap(({ attempts }) => attempts.map(({ atMs }) => atMs)));
  return faultTimes.some(({ family, fromMs, toMs }) => losers.has(family) && toMs > sinceMs && fromMs < sinceMs + onItsWayMs);
}

/** Of two who return it at once one does: each yes counts once, and nothing else does. */
function checkTimes(letter: DeadLetter, returned: readonly Returned[]): Violation[] {
  if (letter.timesReturned === undefined) return [];
  const statuses = returned.flatMap(({ attempts }) => attempts.map(({ status }) => status));
  const [yes, perhaps] = [statuses.filter((status) => status === 202).length, statuses.filter((status) => status === undefined || status >= 500).length];
  const strange = statuses.filter((status) => status !== undefined && status < 500 && status !== 202 && status !== 409);
  const evidence = `${keyOf(letter)}: returned ${letter.timesReturned} times, told yes ${yes} times, not told ${perhaps} times`;
  return [
    ...(letter.timesReturned < yes ? [{ offence: 'lost' as const, rule: 'a return that was taken has its effect', evidence }] : []),
    ...(letter.timesReturned > yes + perhaps ? [{ offence: 'duplicated' as const, rule: 'a message is returned once for each yes', evidence }] : []),
    ...strange.map((status) => ({ offence: 'unexpected' as const, rule: 'a return is taken or not allowed', evidence: `${keyOf(letter)}: told ${status ?? 'nothing'}` })),
  ];
}

/** For the report. */
export function countReturns(returned: Facts['returned']): string {
  return `dead letters returned: asked ${returned.length}, yes ${returned.filter(({ attempts }) => attempts.some(({ status }) => status === 202)).length}`;
}
