import type { Configuration, DeviceDefaults, DeviceLimits } from '@trunkline/scripts';

import type { Product } from './device-walk.mjs';

export interface PairReport {
  readonly problems: readonly { readonly script: 'onboarding' | 'cleanup'; readonly line?: number; readonly message: string }[];
  readonly variables: readonly string[];
  readonly isSampled: boolean;
  readonly absentParents: readonly { readonly table: string; readonly name: string; readonly line: number }[];
  readonly defaults: readonly {
    readonly table: string; readonly parameter: string; readonly line: number; readonly rowLine: number; readonly rows: number; readonly leftOut: number;
    readonly isToState: boolean; readonly value?: string; readonly add?: string; readonly from?: readonly string[];
  }[];
  readonly limits: readonly {
    readonly table: string; readonly parameter: string; readonly line: number; readonly what: 'characters' | 'parts'; readonly count: number; readonly limit: number;
  }[];
}

export interface PairOptions {
  readonly facts?: { readonly defaults: DeviceDefaults; readonly limits: DeviceLimits } | undefined;
  readonly values?: Readonly<Record<string, string>> | undefined;
}

export function checkPair(
  pair: { readonly onboarding: string; readonly cleanup: string }, options: PairOptions, configuration: Configuration, product: Product,
): PairReport;
export function hasPairFaults(pair: PairReport): boolean;
