/** A service that has started, in a process of its own or beside others. */
export interface RunningService {
  readonly name: string;
  /** Why it can't do its work right now; empty when it can. */
  reasons(): readonly string[];
  /** Finishes or hands back what is in flight. */
  stop(): Promise<void>;
}
