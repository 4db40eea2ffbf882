/** Types, classes, operations and answers of DNS (RFC 1035, 2136). */
export const recordType = { cname: 5, soa: 6, txt: 16, any: 255 } as const;
export const recordClass = { internet: 1, none: 254, any: 255 } as const;
export const operation = { query: 0, update: 5 } as const;
export const responseCode = { done: 0, serverFailure: 2, noName: 3, nameInUse: 6, noSuchRecord: 8 } as const;

export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  readonly class: number;
}

export interface DnsRecord extends DnsQuestion {
  readonly ttl: number;
  readonly data: Buffer;
}

/** `sections`: answer, authority, additional of a query; prerequisites, updates, additional of an update, whose question is the zone. */
export interface DnsMessage {
  readonly id: number;
  readonly isResponse: boolean;
  readonly operation: number;
  readonly code: number;
  readonly question: readonly DnsQuestion[];
  readonly sections: readonly [readonly DnsRecord[], readonly DnsRecord[], readonly DnsRecord[]];
}

const headerLength = 12;
const uint16 = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [value >> 8, value & 255]));

export function encodeMessage({ code, id, isResponse, operation: op, question, sections }: DnsMessage): Buffer {
  const flags = (isResponse ? 0x8400 : 0) | (op << 11) | code;
  return Buffer.concat([
    uint16(id, flags, question.length, ...sections.map(({ length }) => length)),
    ...question.map((each) => Buffer.concat([encodeName(each.name), uint16(each.type, each.class)])),
    ...sections.flat().map(({ data, ttl, ...each }) => Buffer.concat([
      encodeName(each.name), uint16(each.type, each.class, ttl >>> 16, ttl & 0xffff, data.length), data,
    ])),
  ]);
}

export function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '').map((label) => Buffer.from(label, 'latin1'));
  return Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), label]), Buffer.from([0])]);
}

export const encodeText = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
export const decodeText = (data: Buffer): string => data.toString('latin1', 1, 1 + (data[0] ?? 0));

/** @throws RangeError for what is cut off */
export function decodeMessage(bytes: Buffer): DnsMessage {
  const flags = bytes.readUInt16BE(2);
  const counts = [4, 6, 8, 10].map((at) => bytes.readUInt16BE(at));
  let at = headerLength;
  const readQuestion = (): DnsQuestion => {
    const [name, end] = readName(bytes, at);
    at = end + 4;
    return { name, type: bytes.readUInt16BE(end), class: bytes.readUInt16BE(end + 2) };
  };
  const readRecord = (): DnsRecord => {
    const question = readQuestion();
    const ttl = bytes.readUInt32BE(at);
    const end = at + 6 + bytes.readUInt16BE(at + 4);
    const data = bytes.subarray(at + 6, end);
    at = end;
    return { ...question, ttl, data };
  };
  const times = <T>(count = 0, read: () => T): T[] => Array.from({ length: count }, read);
  return {
    id: bytes.readUInt16BE(0), isResponse: (flags & 0x8000) !== 0, operation: (flags >> 11) & 15, code: flags & 15,
    question: times(counts[0], readQuestion), sections: [times(counts[1], readRecord), times(counts[2], readRecord), times(counts[3], readRecord)],
  };
}

/** The name in lower case, and where what follows it begins. */
export function readName(bytes: Buffer, from: number): [name: string, end: number] {
  const labels: string[] = [];
  let at = from;
  let end: number | undefined;
  for (let length = bytes.readUInt8(at); length !== 0; length = bytes.readUInt8(at)) {
    if (length >= 0xc0) {
      end ??= at + 2;
      const earlier = bytes.readUInt16BE(at) & 0x3fff;
      if (earlier >= at) throw new RangeError('a name that leads to itself');
      at = earlier;
    } else {
      labels.push(bytes.toString('latin1', at + 1, at + 1 + length).toLowerCase());
      at += 1 + length;
    }
  }
  return [labels.join('.'), end ?? at + 1];
}
