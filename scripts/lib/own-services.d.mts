export interface OwnServices {
  readonly amqpUrl: string;
  readonly superuserUrl: string;
  readonly pid: number;
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export function startOwnServices(options: { readonly name: string; readonly root: string }): Promise<OwnServices | undefined>;
