import type { Safeguard } from './verdict.mjs';

export interface MarkedFile {
  /** Path from the root. */
  readonly file: string;
  readonly text: string;
}

export function markersIn(text: string): string[];
export function markedFiles(root: string): MarkedFile[];
export function mismatchesOf(safeguards: readonly Pick<Safeguard, 'name'>[], files: readonly MarkedFile[]): string[];
export function pieceOf(text: string, name: string): [start: number, end: number];
export function withoutSafeguard(text: string, safeguard: Pick<Safeguard, 'name' | 'replace'>): string;
export function isParsed(text: string): boolean;
