/** Makes `copy` a copy of all that git knows or would take in, with the packages of the original; what was there is gone. */
export function copyCheckout(root: string, copy: string): void;
