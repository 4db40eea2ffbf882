export interface Container {
  readonly url: string;
  stop(): Promise<void>;
}

export function isDockerUsable(): boolean;
export function startDockerRabbitMq(
  options: { readonly composeFile: string; readonly dataDir: string; readonly log: (text: string) => void },
): Promise<Container>;
export function composeSettings(password: string, port: number): Readonly<Record<string, string>>;
