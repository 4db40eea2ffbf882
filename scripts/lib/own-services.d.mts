type Environment = Readonly<Record<string, string>>;

export interface OwnServices {
  readonly amqpUrl: string;
  readonly superuserUrl: string;
  readonly pid: number;
  readonly environment: Environment;
  /** Settles when the servers have ended. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

export function startOwnServices(options: { readonly name: string; readonly root: string }): Promise<OwnServices | undefined>;
export function keepServices(root: string, services: { readonly environment: Environment }): () => void;
export function keptServices(root: string): Promise<{ readonly environment: Environment; stop(): Promise<void> } | undefined>;
