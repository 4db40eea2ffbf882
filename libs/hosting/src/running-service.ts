import type { Transport } from '@trunkline/messaging';

/** A service that has started, in a process of its own or beside others. */
export interface RunningService {
  readonly name: string;
  /** Why it can't do its work right now; empty when it can. */
  reasons(): readonly string[];
  /** Finishes or hands back what is in flight. */
  stop(): Promise<void>;
}

/** Why the services can't hear each other right now; empty when they can. */
export function transportReasons({ kind, state }: Transport): readonly string[] {
  if (state.kind === 'connected') return [];
  return [`${kind === 'rabbitmq' ? 'RabbitMQ' : 'The in-process transport'} is ${state.kind}${state.kind === 'connecting' ? `: ${state.reason}` : ''}`];
}
