import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkoutDir } from '@trunkline/testing';

/** One folder a run. Everything is written at once and synchronously: it is also done on the way out. */
export class RunFolder {
  readonly path: string;

  constructor(seed: number) {
    this.path = join(checkoutDir, '.cache/faults', `${new Date().toISOString().replaceAll(':', '-')}-seed-${seed}`);
    mkdirSync(this.path, { recursive: true });
  }

  keep(name: string, content: unknown): void {
    writeFileSync(join(this.path, name), JSON.stringify(content, undefined, 1));
  }

  keepText(name: string, text: string): void {
    writeFileSync(join(this.path, name), `${text}\n`);
  }
}

/** Calls `leave` with the reason when this process is told to end, then ends it; the function returned forgets that. */
export function onInterrupt(leave: (reason: string) => void): () => void {
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((signal) => {
    const listener = (): void => {
      leave(signal);
      process.exit(130);
    };
    process.once(signal, listener);
    return { signal, listener };
  });
  return () => { for (const { listener, signal } of listeners) process.removeListener(signal, listener); };
}
