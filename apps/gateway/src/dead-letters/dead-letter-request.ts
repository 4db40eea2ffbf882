import {
  type DeadLetterState, deadLetterStates, fieldProblem, type FieldProblem, forbiddenCharacter,
  maxOperatorReasonLength, mostDeadLetters, type ServiceName, serviceNames,
} from '@trunkline/contracts';

import { readNumber } from '../reads/query-parameters.js';

export type ReadRequest<T> = { readonly ok: true; readonly request: T } | { readonly ok: false; readonly errors: readonly FieldProblem[] };

type Properties = Readonly<Record<string, unknown>>;

export interface ListRequest {
  /** One, or all of them. */
  readonly services: readonly ServiceName[];
  readonly state: DeadLetterState | undefined;
  readonly order: 'newest' | 'oldest';
  /** From 0. */
  readonly pageNumber: number;
  readonly pageSize: number;
}

interface Filter {
  readonly messageType?: string;
  readonly deploymentId?: string;
}

export interface BulkReturn {
  readonly service: ServiceName;
  readonly wanted: { readonly ids: readonly string[] } | { readonly filter: Filter; readonly limit: number };
}

const maxFilter = 128;
/** How deep a reader may go into all pages: services are asked for everything up to there. */
const deepest = 10 * mostDeadLetters;
const idPattern = /^[0-9a-f]{32}$/;

export const serviceOf = (name: unknown): ServiceName | undefined => serviceNames.find((known) => known === name);
export const isDeadLetterId = (id: unknown): id is string => typeof id === 'string' && idPattern.test(id);

/** Which dead letters a query asks for. */
export function readList(query: Properties): ReadRequest<ListRequest> {
  const { order = 'newest', service, state } = query;
  const pageNumber = readNumber(query, 'pageNumber', { min: 0, max: deepest, otherwise: 0 });
  const pageSize = readNumber(query, 'pageSize', { min: 1, max: mostDeadLetters, otherwise: 20 });
  const knownService = serviceOf(service);
  const knownState = deadLetterStates.find((known) => known === state);
  const errors: FieldProblem[] = [];
  if (service !== undefined && !knownService) errors.push(fieldProblem('service', 'BAD_REQUEST', `service must be ${oneOf(serviceNames)}.`));
  if (state !== undefined && !knownState) errors.push(fieldProblem('state', 'BAD_REQUEST', `state must be ${oneOf(deadLetterStates)}.`));
  if (order !== 'newest' && order !== 'oldest') errors.push(fieldProblem('order', 'BAD_REQUEST', 'order must be newest or oldest.'));
  errors.push(...[pageNumber, pageSize].flatMap((read) => (read.ok ? [] : [read.problem])));
  if (errors.length > 0 || !pageNumber.ok || !pageSize.ok) return { ok: false, errors };
  if ((pageNumber.value + 1) * pageSize.value > deepest) {
    return { ok: false, errors: [fieldProblem('pageNumber', 'BAD_REQUEST', `No more than ${deepest} dead letters can be paged through: return or drop some, or ask from the other end.`)] };
  }
  return {
    ok: true,
    request: {
      services: knownService ? [knownService] : serviceNames, state: knownState, order: order === 'oldest' ? 'oldest' : 'newest',
      pageNumber: pageNumber.value, pageSize: pageSize.value,
    },
  };
}

/** The body of a return of one: there is nothing to say. */
export const readReturn = (body: unknown): ReadRequest<object> => propertiesOf(body, []);

/** The body of a drop: whoever drops says why. */
export function readDrop(body: unknown): ReadRequest<{ readonly reason: string }> {
  const given = propertiesOf(body, ['reason']);
  if (!given.ok) return given;
  const { reason } = given.request;
  if (reason === undefined || reason === null) return refusedBy('reason', 'REQUIRED', 'reason is required: why the message is not needed.');
  if (typeof reason !== 'string') return refusedBy('reason', 'WRONG_TYPE', 'reason must be a string.');
  if (reason.trim() === '' || reason.length > maxOperatorReasonLength) return refusedBy('reason', 'BAD_REQUEST', `reason must be 1-${maxOperatorReasonLength} characters.`);
  const forbidden = forbiddenCharacter(reason);
  return forbidden ? refusedBy('reason', 'BAD_REQUEST', `reason may not hold ${forbidden}.`) : { ok: true, request: { reason } };
}

/** The body of a return of many: by ids or by a filter, never both. */
export function readBulkReturn(body: unknown): ReadRequest<BulkReturn> {
  const given = propertiesOf(body, ['service', 'ids', 'filter', 'limit']);
  if (!given.ok) return given;
  const { filter, ids, limit = mostDeadLetters } = given.request;
  const service = serviceOf(given.request['service']);
  if (!service) return refusedBy('service', given.request['service'] === undefined ? 'REQUIRED' : 'BAD_REQUEST', `service must be ${oneOf(serviceNames)}.`);
  if ((ids === undefined) === (filter === undefined)) return refusedBy('ids', 'BAD_REQUEST', 'Give either ids or a filter; an empty filter means everything that is held.');
  if (ids !== undefined) {
    if (Array.isArray(ids) && ids.length > 0 && ids.length <= mostDeadLetters && ids.every(isDeadLetterId)) {
      return { ok: true, request: { service, wanted: { ids: [...new Set(ids)] } } };
    }
    return refusedBy('ids', 'BAD_REQUEST', `ids must be a list of 1-${mostDeadLetters} ids of dead letters.`);
  }
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > mostDeadLetters) {
    return refusedBy('limit', 'BAD_REQUEST', `limit must be a whole number from 1 to ${mostDeadLetters}.`);
  }
  const found = readFilter(filter);
  return found.ok ? { ok: true, request: { service, wanted: { filter: found.request, limit } } } : found;
}

function readFilter(filter: unknown): ReadRequest<Filter> {
  const given = propertiesOf(filter, ['messageType', 'deploymentId'], 'filter');
  if (!given.ok) return given;
  const wrong = Object.entries(given.request).find(([, value]) => typeof value !== 'string' || value === '' || value.length > maxFilter || forbiddenCharacter(value) !== undefined);
  if (wrong) return refusedBy(`filter.${wrong[0]}`, 'BAD_REQUEST', `filter.${wrong[0]} must be a text of 1-${maxFilter} characters.`);
  return { ok: true, request: given.request };
}

function propertiesOf(value: unknown, known: readonly string[], path = ''): ReadRequest<Properties> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refusedBy(path, path === '' ? 'MALFORMED_JSON' : 'WRONG_TYPE', `${path === '' ? 'The body' : path} must be an object.`);
  }
  const unknown = Object.keys(value).filter((name) => !known.includes(name)).map((name) => (path === '' ? name : `${path}.${name}`));
  if (unknown.length > 0) return { ok: false, errors: unknown.map((name) => fieldProblem(name, 'UNKNOWN_PROPERTY', `${name} is not a property of this request.`)) };
  return { ok: true, request: { ...value } };
}

const oneOf = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

function refusedBy(field: string, code: Parameters<typeof fieldProblem>[1], message: string): { readonly ok: false; readonly errors: readonly FieldProblem[] } {
  return { ok: false, errors: [fieldProblem(field, code, message)] };
}
