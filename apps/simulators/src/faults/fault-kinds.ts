import type { PeerName } from '../calls/call-log.js';

interface KindDefinition {
  readonly peers: readonly PeerName[];
  /** Names and types of what a rule of this kind may carry. */
  readonly params: Readonly<Record<string, 'number' | 'string' | 'boolean' | 'object'>>;
  /** The calls it can mean anything for; every call when left out. */
  readonly calls?: (method: string, path: string) => boolean;
}

const every: readonly PeerName[] = ['microsoft', 'ovoc', 'sbc'];
const scripts = (method: string, path: string) => method === 'PUT' && path.endsWith('/files/cliScript/incremental');
const creations = (method: string) => method === 'POST';

/** All kinds of faults. `ms` are milliseconds, `retryAfter` and Retry-After seconds. */
export const faultKinds = {
  /** Without times, probability and match the port is closed; with one of them the connection is reset before anything is applied. */
  'refuse': { peers: every, params: {} },
  /** Takes the call, does nothing, never answers. */
  'stall': { peers: every, params: {} },
  /** Held before anything is applied, until released. */
  'hold-before': { peers: every, params: {} },
  /** Held between application and answer, until released. */
  'hold-after': { peers: every, params: {} },
  /** Applied, then the connection is cut. */
  'lost-answer': { peers: every, params: {} },
  /** Applied, then only the first `bytes` bytes of the answer's body go out (default 10). */
  'cut': { peers: every, params: { bytes: 'number' } },
  /** Waits before the call is applied, or with `after` before it is answered. */
  'latency': { peers: every, params: { ms: 'number', after: 'boolean' } },
  /** Closes the connection `ms` after the answer (default 0), without having said so; a call that came meanwhile is cut off. */
  'close-after': { peers: every, params: { ms: 'number' } },
  /** A call on a connection that has carried one before is cut off unread, as by a peer that had closed it without a word. */
  'lost-on-idle': { peers: every, params: {} },
  /** Answers a status (default 500); nothing is applied unless `applied`. */
  'status': { peers: every, params: { status: 'number', body: 'string', headers: 'object', retryAfter: 'number', applied: 'boolean' } },
  /** Answers a page instead of what was asked (status 200 by default); nothing is applied unless `applied`. */
  'html': { peers: every, params: { status: 'number', applied: 'boolean' } },
  /** 200 with the status failure; nothing is applied unless `applied`. */
  'script-failure': { peers: ['sbc'], params: { output: 'string', description: 'string', applied: 'boolean' }, calls: scripts },
  /** 200 without a status; the script is applied. */
  'no-status': { peers: ['sbc'], params: {}, calls: scripts },
  /** The script stops with an error at `line`, counted from 1 (default 1). */
  'fail-at-line': { peers: ['sbc'], params: { line: 'number' }, calls: scripts },
  /** No new row fits into `table`, or into any. */
  'table-full': { peers: ['sbc'], params: { table: 'string' }, calls: scripts },
  /** No row of `table`, or of any, can be removed: the script stops with an error where it tries to. */
  'rows-locked': { peers: ['sbc'], params: { table: 'string' }, calls: scripts },
  /** The script succeeds; the rows it set are gone right after, those of `table` or all. */
  'forget-rows': { peers: ['sbc'], params: { table: 'string' }, calls: scripts },
  /** The script succeeds; `parameter` of the rows it set in `table` is not kept, as on a device without the licence for it. */
  'forget-parameter': { peers: ['sbc'], params: { table: 'string', parameter: 'string' }, calls: scripts },
  /** The device restarts as the save arrives. Away for `ms`; with 0, the default, it is back at once and the save succeeds. */
  'reboot-before-save': { peers: ['sbc'], params: { ms: 'number' }, calls: (method, path) => method === 'POST' && path.endsWith('/actions/saveConfiguration') },
  /** The object is created twice; the answer names the first. */
  'duplicate': { peers: ['ovoc'], params: {}, calls: creations },
  /** The object created can be read only after `ms` (default 1000). */
  'invisible': { peers: ['ovoc'], params: { ms: 'number' }, calls: creations },
  /** The metadata names another tenant, or `issuer`. */
  'wrong-issuer': { peers: ['microsoft'], params: { issuer: 'string' }, calls: (_method, path) => path.includes('/.well-known/openid-configuration') },
} as const satisfies Record<string, KindDefinition>;

export type FaultKind = keyof typeof faultKinds;

export function isFaultKind(value: unknown): value is FaultKind {
  return typeof value === 'string' && Object.hasOwn(faultKinds, value);
}

/** What a kind allows, with the types widened. */
export function definitionOf(kind: FaultKind): KindDefinition {
  return faultKinds[kind];
}
