import { join, resolve } from 'node:path';

export interface DataDirFacts {
  /** `DATA_DIR`, when it is set. */
  readonly configured?: string | undefined;
  readonly checkoutDir: string;
  readonly isRoot: boolean;
  /** Whether the account that runs PostgreSQL can enter the checkout. */
  readonly isCheckoutReachable: boolean;
}

/** Where everything that must survive a restart is kept. */
export function resolveDataDir({ checkoutDir, configured, isCheckoutReachable, isRoot }: DataDirFacts): string {
  if (configured) return resolve(checkoutDir, configured);
  return isRoot && !isCheckoutReachable ? '/var/lib/trunkline' : join(checkoutDir, '.data');
}
