import type { Configuration, PrintedRow } from '@trunkline/scripts';

import type { Product, Walk } from './device-walk.mjs';

export interface DeviceReport {
  readonly lines: number;
  /** Whether "configure voip" is there from its beginning to its end; else the agent takes the print for no proof. */
  readonly isWhole: boolean;
  readonly sections: readonly string[];
  readonly tables: readonly {
    readonly table: string; readonly isKnown: boolean; readonly isInside: boolean; readonly rows: number; readonly inactive: number;
    readonly named: number; readonly namedBy: Readonly<Record<string, number>>; readonly firstLine: number; readonly hasNames: boolean;
  }[];
  readonly inactive: readonly { readonly table: string; readonly row: string; readonly line: number }[];
  readonly marks: readonly {
    readonly table: string; readonly row: string; readonly tag: string; readonly isReadable: boolean; readonly mark?: string; readonly guid?: string;
  }[];
  readonly settings: Walk['settings'];
  readonly single: Walk['single'];
  readonly outside: { readonly count: number; readonly firstLine?: number };
  readonly notUnderstood: readonly {
    readonly section: string; readonly table: string; readonly reason: string; readonly count: number; readonly firstLine: number; readonly example: string;
  }[];
  readonly readDifferently: readonly {
    readonly table: string; readonly rows: number; readonly rowsRead: number; readonly active: number; readonly activeRead: number; readonly firstLine?: number;
  }[];
}

export function lookAt(text: string, product: Product): { readonly report: DeviceReport; readonly walk: Walk; readonly configuration: Configuration };
export function printedRows(configuration: Configuration, table: string): readonly PrintedRow[];
export function hasFaults(report: DeviceReport): boolean;
