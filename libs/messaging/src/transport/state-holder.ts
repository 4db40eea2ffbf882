import { type TransportState } from './transport.js';
import { type TransportLogger } from './transport-logger.js';

/** The state of a transport and those who want to hear of its changes; saying the same twice tells nobody. */
export class StateHolder {
  private readonly listeners = new Set<(state: TransportState) => void>();
  private held: TransportState = { kind: 'connecting', reason: 'not started' };

  constructor(private readonly logger: TransportLogger) {}

  get current(): TransportState {
    return this.held;
  }

  listen(listener: (state: TransportState) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  set(state: TransportState): void {
    if (this.held.kind === 'closed' || same(this.held, state)) return;
    this.held = state;
    for (const listener of [...this.listeners]) {
      try {
        listener(state);
      } catch (error) {
        this.logger.error({ error: error instanceof Error ? error.message : String(error) }, 'listener for the transport state failed');
      }
    }
  }
}

function same(a: TransportState, b: TransportState): boolean {
  if (a.kind === 'connecting' && b.kind === 'connecting') return a.reason === b.reason;
  return a.kind === b.kind;
}
