export interface Haproxy {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

export function findHaproxy(folder: string, log: (text: string) => void): Promise<Haproxy>;
