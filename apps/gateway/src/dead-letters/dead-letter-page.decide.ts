import type { DeadLetterKey, ServiceName } from '@trunkline/contracts';

export interface Place {
  readonly service: ServiceName;
  readonly id: string;
}

interface PageRequest {
  readonly order: 'newest' | 'oldest';
  /** From 0. */
  readonly pageNumber: number;
  readonly pageSize: number;
}

/** One page of all services, each of which gives its keys in this order, up to the end of the page. */
export function pageOf(
  known: readonly { readonly service: ServiceName; readonly keys: readonly DeadLetterKey[] }[], { order, pageNumber, pageSize }: PageRequest,
): Place[] {
  const sign = order === 'newest' ? -1 : 1;
  return known
    .flatMap(({ keys, service }) => keys.map(({ id, refusedAt }) => ({ service, id, refusedAt })))
    .sort((a, b) => sign * (a.refusedAt < b.refusedAt ? -1 : a.refusedAt > b.refusedAt ? 1 : 0))
    .slice(pageNumber * pageSize, (pageNumber + 1) * pageSize)
    .map(({ id, service }) => ({ service, id }));
}
