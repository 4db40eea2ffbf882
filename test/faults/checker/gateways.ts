import type { Attempt, Facts } from './facts.js';

/** How requests were spread over the gateways, and who had the final answer from another one than had failed him: for the report. */
export function countGateways({ actions, returned, requests }: Pick<Facts, 'actions' | 'returned' | 'requests'>): string {
  const pursued = [...requests, ...actions, ...returned].map(({ attempts }) => attempts);
  const asked = pursued.flat();
  const names = [...new Set(asked.map(({ gateway }) => gateway))].sort();
  return `requests by gateway: ${names.map((name) => `${name} ${asked.filter(({ gateway }) => gateway === name).length}`).join(', ')}; `
    + `answered by another one than before ${pursued.filter(isAnsweredElsewhere).length}`;
}

function isAnsweredElsewhere(attempts: readonly Attempt[]): boolean {
  return attempts.some(({ gateway, status }, index) => {
    const before = attempts[index - 1];
    return status !== undefined && status < 500 && before !== undefined && before.status === undefined && before.gateway !== gateway;
  });
}
