import { canEnter, isRoot, serverAccount } from './account.js';
import { resolveDataDir } from './data-dir.decide.js';

/** The data folder for a checkout and the value of `DATA_DIR`; nothing is created. */
export function findDataDir(checkoutDir: string, configured?: string): string {
  const account = isRoot() && !configured ? serverAccount() : undefined;
  return resolveDataDir({ configured, checkoutDir, isRoot: isRoot(), isCheckoutReachable: !account || canEnter(checkoutDir, account) });
}
