import { createSocket, type Socket } from 'node:dgram';

import { decodeMessage, type DnsMessage, type DnsRecord, encodeMessage, operation, recordClass, recordType, responseCode } from './dns-message.js';

/** A small DNS server on a real port: queries, and updates with prerequisites, each done as a whole or not at all. */
export class DnsServer {
  readonly records: DnsRecord[] = [];
  /** Updates that were made. */
  updates = 0;
  /** The next update is answered with this code, and not made. */
  failNext: number | undefined;
  private socket: Socket | undefined;

  /** Its address, as `dns://<address>:<port>`. */
  async start(): Promise<string> {
    const socket = createSocket('udp4');
    this.socket = socket;
    socket.on('message', (bytes, { address, port }) => { socket.send(this.answer(decodeMessage(bytes)), port, address); });
    await new Promise<void>((resolve) => { socket.bind(0, '127.0.0.1', resolve); });
    return `dns://127.0.0.1:${socket.address().port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => { if (this.socket) this.socket.close(() => { resolve(); }); else resolve(); });
  }

  namesOf(zone: string): readonly string[] {
    return [...new Set(this.records.map(({ name }) => name).filter((name) => name.endsWith(`.${zone}`)))].sort();
  }

  private answer({ id, operation: op, question, sections: [prerequisites, updates] }: DnsMessage): Buffer {
    const [asked] = question;
    const common = { id, isResponse: true, operation: op, question };
    if (op === operation.update) return encodeMessage({ ...common, code: this.update(prerequisites, updates), sections: [[], [], []] });
    const own = this.records.filter(({ name }) => name === asked?.name);
    const found = own.filter(({ type }) => type === asked?.type || type === recordType.cname);
    return encodeMessage({ ...common, code: own.length > 0 ? responseCode.done : responseCode.noName, sections: [found, [], []] });
  }

  private update(prerequisites: readonly DnsRecord[], updates: readonly DnsRecord[]): number {
    const { failNext } = this;
    this.failNext = undefined;
    if (failNext !== undefined) return failNext;
    for (const { class: wanted, data, name, type } of prerequisites) {
      const own = this.records.filter((record) => record.name === name);
      if (wanted === recordClass.none && own.length > 0) return responseCode.nameInUse;
      if (wanted === recordClass.internet && !own.some((record) => record.type === type && record.data.equals(data))) return responseCode.noSuchRecord;
    }
    for (const record of updates) {
      if (record.class === recordClass.internet) this.records.push({ ...record, data: Buffer.from(record.data) });
      else this.records.splice(0, this.records.length, ...this.records.filter(({ name }) => name !== record.name));
    }
    this.updates += 1;
    return responseCode.done;
  }
}
