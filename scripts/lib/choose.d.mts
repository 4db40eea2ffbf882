export type BrokerSource = 'given' | 'docker' | 'installed' | 'unpacked' | 'unpack';

export interface Surroundings {
  readonly amqpUrl?: string | undefined;
  readonly isDockerUsable: boolean;
  readonly isInstalled: boolean;
  readonly isUnpacked: boolean;
  readonly hasApt: boolean;
}

export function brokerChoices(facts: Partial<Surroundings>): readonly BrokerSource[];
export function databaseChoice(facts: { readonly databaseUrl?: string | undefined }): 'given' | 'embedded';
export function noBrokerMessage(failures: readonly string[]): string;
