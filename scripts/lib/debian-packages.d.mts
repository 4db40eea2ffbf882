export function hasApt(): boolean;
export function installRabbitMq(log: (text: string) => void): Promise<void>;
export function unpackRabbitMq(folder: string, log: (text: string) => void): Promise<void>;
export function withoutServiceStart<T>(work: () => Promise<T>, path?: string): Promise<T>;
export function servicePolicy(pid: number): string;
