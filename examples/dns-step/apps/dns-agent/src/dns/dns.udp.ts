import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';

import { OutcomeUnknownError, PermanentError, TransientError } from '@trunkline/steps';

import { Dns, type Registration } from './dns.js';
import { readUpdateAnswer } from './dns-answer.decide.js';
import {
  decodeMessage, decodeText, type DnsMessage, type DnsRecord, encodeMessage, encodeName, encodeText, operation, readName, recordClass, recordType, responseCode,
} from './dns-message.js';

export interface UdpDnsOptions {
  /** `dns://<address>:<port>` */
  readonly server: URL;
  readonly zone: string;
  readonly responseTimeoutMs: number;
}

const ttlSeconds = 60;
const nothing = Buffer.alloc(0);
/** A name that is an alias can hold nothing else, so that whose it is stands beside it. */
const ownerName = (hostName: string): string => `_owner.${hostName}`;

/** Speaks to a DNS server by queries and updates (RFC 2136) over UDP. */
export class UdpDns extends Dns {
  constructor(private readonly options: UdpDnsOptions) {
    super();
  }

  override async find(hostName: string, signal: AbortSignal): Promise<Registration | undefined> {
    const [alias, owner] = await Promise.all([this.ask(hostName, recordType.cname, signal), this.ask(ownerName(hostName), recordType.txt, signal)]);
    if (!alias && !owner) return undefined;
    return { hostName, target: alias ? readName(alias, 0)[0] : '', owner: owner ? decodeText(owner) : '' };
  }

  override async register({ hostName, owner, target }: Registration, signal: AbortSignal): Promise<boolean> {
    const names = [hostName, ownerName(hostName)];
    const add = { class: recordClass.internet, ttl: ttlSeconds };
    return this.update(
      names.map((name) => ({ name, type: recordType.any, class: recordClass.none, ttl: 0, data: nothing })),
      [
        { ...add, name: hostName, type: recordType.cname, data: encodeName(target) },
        { ...add, name: ownerName(hostName), type: recordType.txt, data: encodeText(owner) },
      ],
      signal,
    );
  }

  override async remove({ hostName, owner }: Registration, signal: AbortSignal): Promise<void> {
    await this.update(
      [{ name: ownerName(hostName), type: recordType.txt, class: recordClass.internet, ttl: 0, data: encodeText(owner) }],
      [hostName, ownerName(hostName)].map((name) => ({ name, type: recordType.any, class: recordClass.any, ttl: 0, data: nothing })),
      signal,
    );
  }

  private async ask(name: string, type: number, signal: AbortSignal): Promise<Buffer | undefined> {
    const answer = await this.exchange(
      { operation: operation.query, question: [{ name, type, class: recordClass.internet }], sections: [[], [], []] }, signal,
      () => new TransientError('DNS_NO_ANSWER', `The DNS server did not answer for ${name}`),
    );
    if (answer.code !== responseCode.done && answer.code !== responseCode.noName) throw new TransientError('DNS_BUSY', `The DNS server answered ${answer.code} for ${name}`);
    return answer.sections[0].find((record) => record.type === type)?.data;
  }

  /** Whether the prerequisites were met, and so the updates made. */
  private async update(prerequisites: readonly DnsRecord[], updates: readonly DnsRecord[], signal: AbortSignal): Promise<boolean> {
    const { zone } = this.options;
    const question = [{ name: zone, type: recordType.soa, class: recordClass.internet }];
    const answer = await this.exchange(
      { operation: operation.update, question, sections: [prerequisites, updates, []] }, signal,
      () => new OutcomeUnknownError('DNS_NO_ANSWER', `The DNS server did not answer an update of ${zone}`),
    );
    return readUpdateAnswer(answer.code) === 'done';
  }

  private async exchange(message: Pick<DnsMessage, 'operation' | 'question' | 'sections'>, signal: AbortSignal, noAnswer: () => Error): Promise<DnsMessage> {
    const { responseTimeoutMs, server } = this.options;
    const id = randomInt(65_536);
    const request = encodeMessage({ id, isResponse: false, code: 0, ...message });
    if (request.length > 512) throw new PermanentError('DNS_NAME_TOO_LONG', 'The names are too long for a DNS message');
    const socket = createSocket('udp4');
    const until = AbortSignal.any([signal, AbortSignal.timeout(responseTimeoutMs)]);
    try {
      return await new Promise((resolve, reject) => {
        const giveUp = (): void => { reject(noAnswer()); };
        until.addEventListener('abort', giveUp, { once: true });
        if (until.aborted) giveUp();
        socket.on('error', giveUp);
        socket.on('message', (bytes) => {
          const answer = decoded(bytes);
          if (answer?.isResponse && answer.id === id) resolve(answer);
        });
        // Connected: nobody else can answer.
        socket.connect(Number(server.port || 53), server.hostname, () => { socket.send(request); });
      });
    } finally {
      socket.close();
    }
  }
}

function decoded(bytes: Buffer): DnsMessage | undefined {
  try {
    return decodeMessage(bytes);
  } catch {
    return undefined;
  }
}
