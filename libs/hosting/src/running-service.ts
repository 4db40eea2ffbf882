import type { Transport } from '@trunkline/messaging';

export interface BusyDevices {
  readonly busyDevices: number;
  /** How long the longest of their visits has lasted. */
  readonly longestMs: number;
}

/** A service that has started, in a process of its own or beside others. */
export interface RunningService {
  readonly name: string;
  /** Why it can't do its work right now; empty when it can. */
  reasons(): readonly string[];
  /** Of a service that works on devices. */
  busyDevices?(): BusyDevices;
  /** Begins nothing more, and finishes what runs; what has not ended when `cutOff` is aborted is handed back. */
  stop(cutOff: AbortSignal): Promise<void>;
}

/** Why the services can't hear each other right now; empty when they can. */
export function transportReasons({ kind, state }: Transport): readonly string[] {
  if (state.kind === 'connected') return [];
  return [`${kind === 'rabbitmq' ? 'RabbitMQ' : 'The in-process transport'} is ${state.kind}${state.kind === 'connecting' ? `: ${state.reason}` : ''}`];
}
