import type { Product } from './device-walk.mjs';

export function smallestPart(text: string, product: Product): { readonly fault: string; readonly text: string; readonly isReplaced: boolean } | undefined;
