import { type PeerName, peerNames } from '../calls/call-log.js';
import { definitionOf, type FaultKind, faultKinds, isFaultKind } from './fault-kinds.js';

export interface CallMatch {
  readonly method?: string;
  readonly pathPrefix?: string;
  readonly pathContains?: string;
}

export type FaultParams = Readonly<Record<string, string | number | boolean | Readonly<Record<string, string>>>>;

/** One misbehaviour of one peer, for the calls it matches. */
export interface FaultRule {
  readonly peer: PeerName;
  /** One SBC; without it all of them. */
  readonly id?: number;
  readonly match?: CallMatch;
  readonly kind: FaultKind;
  /** How many calls it meets; without it every one until it is removed. */
  readonly times?: number;
  /** Of a matching call to be met, from 0 to 1; 1 when left out. */
  readonly probability?: number;
  readonly params?: FaultParams;
}

export class InvalidFault extends Error {
  override readonly name = 'InvalidFault';
}

type Fields = Record<string, unknown>;

/** @throws InvalidFault with what is wrong */
export function parseFaultRule(value: unknown): FaultRule {
  const rule = fieldsOf(value, 'a fault');
  only(rule, ['peer', 'id', 'match', 'kind', 'times', 'probability', 'params'], 'a fault');
  const peer = peerNames.find((name) => name === rule['peer']);
  if (peer === undefined) throw new InvalidFault(`peer must be one of ${peerNames.join(', ')}`);
  const kind = rule['kind'];
  if (!isFaultKind(kind)) throw new InvalidFault(`kind must be one of ${Object.keys(faultKinds).join(', ')}`);
  const { peers, params } = definitionOf(kind);
  if (!peers.includes(peer)) throw new InvalidFault(`${kind} is a fault of ${peers.join(', ')}`);
  const id = wholeNumber(rule['id'], 'id', 0);
  if (id !== undefined && peer !== 'sbc') throw new InvalidFault('only an SBC has an id');
  const times = wholeNumber(rule['times'], 'times', 1);
  const probability = rule['probability'];
  if (probability !== undefined && !(typeof probability === 'number' && probability >= 0 && probability <= 1)) {
    throw new InvalidFault('probability must be a number from 0 to 1');
  }
  return {
    peer, kind,
    ...id !== undefined && { id },
    ...times !== undefined && { times },
    ...probability !== undefined && { probability },
    ...rule['match'] !== undefined && { match: parseMatch(rule['match']) },
    ...rule['params'] !== undefined && { params: parseParams(rule['params'], kind, params) },
  };
}

function parseMatch(value: unknown): CallMatch {
  const match = fieldsOf(value, 'match');
  only(match, ['method', 'pathPrefix', 'pathContains'], 'match');
  if (Object.values(match).some((text) => typeof text !== 'string')) throw new InvalidFault('every member of match must be a text');
  return match;
}

function parseParams(value: unknown, kind: FaultKind, allowed: Readonly<Record<string, 'number' | 'string' | 'boolean' | 'object'>>): FaultParams {
  const params = fieldsOf(value, 'params');
  only(params, Object.keys(allowed), `params of ${kind}`);
  for (const [name, given] of Object.entries(params)) {
    const wanted = allowed[name];
    if (typeof given !== wanted || given === null) throw new InvalidFault(`params.${name} of ${kind} must be a ${wanted}`);
  }
  return params as FaultParams;
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InvalidFault(`${what} must be an object`);
  return value as Fields;
}

function only(fields: Fields, allowed: readonly string[], what: string): void {
  const unknown = Object.keys(fields).filter((name) => !allowed.includes(name));
  if (unknown.length > 0) throw new InvalidFault(`${what} has no member ${unknown.join(', ')}; it has ${allowed.join(', ')}`);
}

function wholeNumber(value: unknown, name: string, min: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min) throw new InvalidFault(`${name} must be a whole number from ${min}`);
  return value;
}
