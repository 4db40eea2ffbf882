/** `read-one` asks for an object by its id, `read-list` for all that match a filter. */
export type OvocOperation = 'read-one' | 'read-list' | 'create' | 'remove';

/** How a call ended. `failure` is the network error's code, `ABORTED`, or `NOT_SENT` when it was stopped before. */
export type OvocExchange =
  | {
    readonly kind: 'answered';
    readonly status: number;
    readonly contentType: string;
    readonly retryAfter?: string;
    readonly body: string;
    /** Neither a length nor chunks would have shown a cut. */
    readonly mayBeCut?: true;
  }
  | { readonly kind: 'failed'; readonly failure: string };

/** What the end of a call means. `detail` is for the log; `message` is the sentence a caller of ours may read. */
export type OvocMeaning =
  | { readonly kind: 'objects'; readonly objects: readonly RawObject[] }
  | { readonly kind: 'absent' }
  | { readonly kind: 'created'; readonly id: number }
  | { readonly kind: 'exists'; readonly reason: string }
  | { readonly kind: 'removed' }
  | {
    readonly kind: 'transient' | 'permanent' | 'unknown';
    readonly code: string;
    readonly message: string;
    readonly detail: string;
    readonly retryAfterMs?: number;
    /** OVOC itself has said so: the call is over. */
    readonly isAnswered?: true;
  };

/** An object of OVOC as it came, with an id that is certain. */
export type RawObject = Readonly<Record<string, unknown>> & { readonly id: number };

/** Failures before the request could have left; every other failure may have come after it was applied. */
const beforeSending = new Set([
  'NOT_SENT',
  'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EPROTO',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);

/** The same objects go by two names, in paths, URLs and answers. */
const otherKeys: Readonly<Record<string, string>> = { lcCustomers: 'customers' };

/**
 * The one table that says what an answer of OVOC means.
 * @param plural the key of the array in a list's answer
 */
export function decideOvocAnswer(operation: OvocOperation, plural: string, exchange: OvocExchange): OvocMeaning {
  if (exchange.kind === 'failed') return decideFailure(operation, exchange.failure);
  const { status } = exchange;
  if (status >= 200 && status < 300) return decideSuccess(operation, plural, exchange);
  if (status === 404 && operation === 'read-one') return { kind: 'absent' };
  if (status === 404 && operation === 'remove') return { kind: 'removed' };
  const reason = reasonOf(exchange);
  const detail = `HTTP ${status}`;
  // What it was to be put under has gone in the meantime: look again, make the chain anew.
  if (status === 404 && operation === 'create') return { kind: 'transient', code: 'OVOC_PARENT_MISSING', message: `OVOC rejected: ${reason}`, detail };
  if (status === 401 || status === 403) {
    const why = status === 401 ? 'the account is not accepted' : 'the account may not do this';
    return { kind: 'permanent', code: 'OVOC_ACCOUNT_REJECTED', message: `OVOC rejected: ${why}`, detail };
  }
  if (operation === 'create' && (status === 409 || (status === 400 && /already exist|exists already|duplicate/i.test(reason)))) return { kind: 'exists', reason };
  if (status === 408 || status === 429 || status >= 500) return decideTrouble(operation, status, exchange.retryAfter);
  return { kind: 'permanent', code: 'OVOC_REJECTED', message: `OVOC rejected: ${reason}`, detail };
}

function decideFailure(operation: OvocOperation, failure: string): OvocMeaning {
  if (beforeSending.has(failure) || isRead(operation)) return unreachable('transient', failure);
  return unreachable('unknown', failure);
}

/** 429 and 503 refuse a call; a gateway that lost its server (502, 504) can't say whether the server did it; of all others OVOC may have failed after it. */
function decideTrouble(operation: OvocOperation, status: number, retryAfter: string | undefined): OvocMeaning {
  const retryAfterMs = retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter.trim()) ? Number(retryAfter) * 1000 : undefined;
  const common = { detail: `HTTP ${status}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (isRead(operation) || status === 429 || status === 503) return { ...unreachable('transient', ''), ...common };
  return { ...unreachable('unknown', ''), ...common, ...(status === 502 || status === 504 ? {} : { isAnswered: true }) };
}

function decideSuccess(operation: OvocOperation, plural: string, answer: Answered): OvocMeaning {
  if (operation === 'remove') return { kind: 'removed' };
  if (operation === 'create') {
    const id = createdId(parse(answer));
    // Made, but we don't know which: looking is the only way to learn it.
    return id === undefined ? unreachable('unknown', 'the answer to a creation names no id') : { kind: 'created', id };
  }
  if (answer.status === 204) return operation === 'read-one' ? { kind: 'absent' } : { kind: 'objects', objects: [] };
  if (operation === 'read-list' && answer.body.trim() === '' && !answer.mayBeCut) return { kind: 'objects', objects: [] };
  const items = operation === 'read-one' ? singleObject(parse(answer), plural) : listedObjects(parse(answer), plural);
  if (items === undefined) return unreachable('transient', 'the answer is not what was asked for');
  return { kind: 'objects', objects: items };
}

function unreachable(kind: 'transient' | 'unknown', detail: string) {
  return { kind, code: kind === 'unknown' ? 'OVOC_ANSWER_LOST' : 'OVOC_UNREACHABLE', message: 'OVOC unreachable', detail } as const;
}

function isRead(operation: OvocOperation): boolean {
  return operation === 'read-one' || operation === 'read-list';
}

type Answered = Extract<OvocExchange, { kind: 'answered' }>;

function parse(answer: Answered): unknown {
  if (!/[/+]json\b/i.test(answer.contentType)) return undefined;
  try {
    return JSON.parse(answer.body);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withId(value: unknown): RawObject | undefined {
  if (!isRecord(value)) return undefined;
  const id = integer(value['id']);
  return id === undefined ? undefined : { ...value, id };
}

/** Some objects are answered as the only one of a list. */
function singleObject(body: unknown, plural: string): RawObject[] | undefined {
  const found = withId(body);
  if (found !== undefined) return [found];
  const listed = listedObjects(body, plural);
  return listed?.length === 1 ? listed : undefined;
}

/** Only a list under the key that was asked for says what there is: taken for an empty one, anything else would lead to a twin. */
function listedObjects(body: unknown, plural: string): RawObject[] | undefined {
  if (!isRecord(body)) return undefined;
  const key = [plural, otherKeys[plural]].find((name) => name !== undefined && Object.hasOwn(body, name));
  const list: unknown = key === undefined ? /* safeguard: unknown-list */ undefined : body[key];
  if (!Array.isArray(list)) return undefined;
  const items = list.map(withId);
  return items.every((item) => item !== undefined) ? items.sort((a, b) => a.id - b.id) : undefined;
}

function createdId(body: unknown): number | undefined {
  if (!isRecord(body)) return undefined;
  return integer(body['id']) ?? integer(typeof body['url'] === 'string' ? /\/(\d+)\/?$/.exec(body['url'])?.[1] : undefined);
}

/** OVOC writes ids as integers, its pages sometimes as digits in a string. */
export function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function reasonOf(answer: Answered): string {
  const body = parse(answer);
  const description = isRecord(body) && typeof body['description'] === 'string' ? body['description'] : '';
  const oneLine = description.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim().slice(0, 200);
  return oneLine === '' ? `HTTP ${answer.status}` : oneLine;
}
