import type { Safeguard } from './verdict.mjs';

export const safeguards: readonly Safeguard[];
