import type * as scripts from '@trunkline/scripts';

export type Product = typeof scripts;

export interface WalkedRow {
  readonly table: string;
  readonly section: string;
  readonly selector: string;
  readonly line: number;
  readonly lastLine: number;
  readonly isActive: boolean;
  readonly isInside: boolean;
  readonly isBeside: boolean;
  readonly isKnown: boolean;
}

export interface Walk {
  readonly lines: number;
  readonly sections: readonly { readonly name: string; readonly line: number }[];
  readonly rows: readonly WalkedRow[];
  readonly settings: readonly { readonly section: string; readonly text: string; readonly line: number }[];
  readonly single: readonly { readonly section: string; readonly text: string; readonly line: number }[];
  readonly unread: readonly { readonly section: string; readonly table: string; readonly line: number; readonly text: string; readonly reason: string }[];
  readonly outside: readonly number[];
}

export function wordsOf(content: string): readonly { readonly text: string; readonly isQuoted: boolean }[];
export function walkPrint(text: string, product: Product): Walk;
