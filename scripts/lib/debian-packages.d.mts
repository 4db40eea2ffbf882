export function hasApt(): boolean;
export function unpackRabbitMq(folder: string, log: (text: string) => void): Promise<void>;
export function unpackPackages(names: readonly string[], folder: string, complete?: (root: string) => Promise<void>): Promise<void>;
