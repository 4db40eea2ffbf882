import type { FaultKind } from './fault-kinds.js';
import type { FaultRule } from './fault-rule.js';

export interface MetFault {
  readonly ruleId: string;
  readonly rule: FaultRule;
}

/** The faults that meet one call. */
export class ActiveFaults {
  constructor(readonly all: readonly MetFault[]) {}

  has(kind: FaultKind): boolean {
    return this.all.some(({ rule }) => rule.kind === kind);
  }

  find(kind: FaultKind): MetFault | undefined {
    return this.all.find(({ rule }) => rule.kind === kind);
  }

  number(kind: FaultKind, name: string): number | undefined {
    const value = this.find(kind)?.rule.params?.[name];
    return typeof value === 'number' ? value : undefined;
  }

  text(kind: FaultKind, name: string): string | undefined {
    const value = this.find(kind)?.rule.params?.[name];
    return typeof value === 'string' ? value : undefined;
  }

  flag(kind: FaultKind, name: string): boolean {
    return this.find(kind)?.rule.params?.[name] === true;
  }

  texts(kind: FaultKind, name: string): Readonly<Record<string, string>> {
    const value = this.find(kind)?.rule.params?.[name];
    return typeof value === 'object' ? value : {};
  }
}
