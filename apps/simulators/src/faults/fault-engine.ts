import type { PeerName } from '../calls/call-log.js';
import type { Chance } from './chance.js';
import { ActiveFaults, type MetFault } from './active-faults.js';
import { definitionOf } from './fault-kinds.js';
import type { FaultRule } from './fault-rule.js';

export interface CallSubject {
  readonly peer: PeerName;
  readonly id?: number | undefined;
  readonly method: string;
  readonly path: string;
}

export interface FaultView extends FaultRule {
  readonly faultId: string;
  /** Calls it has met. */
  readonly met: number;
}

interface Kept { readonly rule: FaultRule; met: number }

/** Decides which faults meet which call. */
export class FaultEngine {
  private readonly rules = new Map<string, Kept>();
  private readonly listeners = new Set<() => void>();
  private lastId = 0;

  constructor(private readonly chance: Chance) {}

  add(rule: FaultRule): string {
    const id = `fault-${++this.lastId}`;
    this.rules.set(id, { rule, met: 0 });
    this.changed();
    return id;
  }

  remove(id: string): boolean {
    const existed = this.rules.delete(id);
    if (existed) this.changed();
    return existed;
  }

  clear(): void {
    this.rules.clear();
    this.changed();
  }

  list(): FaultView[] {
    return [...this.rules].map(([faultId, { rule, met }]) => ({ faultId, ...rule, met }));
  }

  /** Calls the listener after each change of the rules. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** True while the peer's port has to be closed. */
  isClosed(peer: PeerName, id: number | undefined): boolean {
    return [...this.rules.values()].some(({ rule }) => closesPort(rule) && concerns(rule, peer, id));
  }

  /** The faults that meet this call; each is counted as used. */
  meet(call: CallSubject): ActiveFaults {
    const met: MetFault[] = [];
    for (const [ruleId, kept] of this.rules) {
      const { rule } = kept;
      if (closesPort(rule) || !matches(rule, call) || kept.met >= (rule.times ?? Infinity)) continue;
      if (rule.probability !== undefined && !this.chance.happens(rule.probability)) continue;
      kept.met += 1;
      met.push({ ruleId, rule });
    }
    return new ActiveFaults(met);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

function closesPort(rule: FaultRule): boolean {
  return rule.kind === 'refuse' && rule.times === undefined && rule.probability === undefined && rule.match === undefined;
}

function concerns(rule: FaultRule, peer: PeerName, id: number | undefined): boolean {
  return rule.peer === peer && (rule.id === undefined || rule.id === id);
}

function matches(rule: FaultRule, { peer, id, method, path }: CallSubject): boolean {
  const { match = {}, kind } = rule;
  return concerns(rule, peer, id)
    && (definitionOf(kind).calls?.(method, path) ?? true)
    && (match.method === undefined || match.method.toUpperCase() === method)
    && (match.pathPrefix === undefined || path.startsWith(match.pathPrefix))
    && (match.pathContains === undefined || path.includes(match.pathContains));
}
