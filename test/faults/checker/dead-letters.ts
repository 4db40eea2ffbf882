import type { Facts } from './facts.js';
import type { Violation } from './verdict.js';

/** Dead letters are those that were injected, each once, and no others. */
export function checkDeadLetters({ deadLetters, injected }: Pick<Facts, 'deadLetters' | 'injected'>): Violation[] {
  const keyOf = ({ messageId, service }: { readonly messageId: string; readonly service: string }) => `${service} ${messageId}`;
  const expected = new Map(injected.map((letter) => [keyOf(letter), letter]));
  const counts = new Map<string, number>();
  for (const letter of deadLetters) counts.set(keyOf(letter), (counts.get(keyOf(letter)) ?? 0) + 1);
  const strange = deadLetters.filter((letter) => !expected.has(keyOf(letter)));
  const doubled = [...counts].filter(([, count]) => count > 1);
  const missing = injected.filter((letter) => letter.mayBeMissing !== true && !counts.has(keyOf(letter)));
  return [
    ...strange.map((letter): Violation => ({ offence: 'unexpected', rule: 'no dead letter but those injected', evidence: `${keyOf(letter)}: ${letter.state}, ${letter.reason ?? 'no reason'}` })),
    ...doubled.map(([key, count]): Violation => ({ offence: 'duplicated', rule: 'a dead letter is kept once', evidence: `${key}: ${count} times` })),
    ...missing.map((letter): Violation => ({ offence: 'lost', rule: 'an injected message is a dead letter', evidence: `${keyOf(letter)}: ${letter.what}` })),
  ];
}
