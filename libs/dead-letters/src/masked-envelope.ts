/** What of a message may be shown, by its shape: `true` for a value, an object for what is in it. Everything else is masked. */
interface Shown {
  readonly [property: string]: true | Shown;
}

const ticket: Shown = {
  provider: true, origin: true, customerGuid: true, siteGuid: true, shortName: true, fullName: true, msTenantId: true, ovocCustomerType: true, channelId: true,
  lcCustomerId: true, sbc: { id: true, ovocSbcId: true, fqdn: true, address: true },
};
const script: Shown = { id: true, version: true };
const request: Shown = {
  shortName: true, fullName: true, ovocCustomerType: true, msTenantId: true, channelId: true, lcCustomerId: true,
  siteLocation: { sbcId: true, sbcOnboardingScript: true, sbcCleanupScript: true },
};
const envelope: Shown = {
  specversion: true, id: true, source: true, type: true, subject: true, time: true, datacontenttype: true, traceparent: true, round: true, sequence: true,
  step: true,
  data: {
    ticket, request, script: { onboarding: script, cleanup: script },
    progress: { level: true, message: true }, errors: { field: true, code: true, message: true },
    ovoc: { lcCustomerId: true, serviceId: true, siteId: true, linkId: true },
    caller: true, provider: true, origin: true, customerGuid: true, startBy: true, closesRound: true, cause: true, code: true, reason: true, outcome: true,
    eventCount: true, requestId: true, status: true, errorCode: true,
  },
};

const masked = '(masked)';
const mostCharacters = 512;
const mostItems = 64;
/** Of one envelope, as JSON. */
const mostBytes = 16 * 1024;
const word = /[A-Za-z0-9_.-]+/g;

/** What is left of the bytes of an envelope, and whether something did not find room. */
interface Room {
  bytes: number;
  isCut: boolean;
}

export interface MaskedEnvelope {
  /** At most 16 KiB of JSON; null when it is no JSON object: of such a text nobody can say what in it is secret. */
  readonly envelope: Record<string, unknown> | null;
  readonly isEnvelopeCut: boolean;
}

/** Text with whatever is sealed in it masked, and bounded. */
export function maskedText(text: string): string {
  const shown = text.includes('eyJ') ? text.replace(word, maskedWord) : text;
  return shown.length <= mostCharacters ? shown : `${shown.slice(0, mostCharacters).replace(/\p{Cs}/gu, '\uFFFD')}…`;
}

/** For looking at only: bytes that are not UTF-8 hide nothing of the rest, and a byte order mark nothing at all. */
export const shownText = (body: Uint8Array): string => new TextDecoder().decode(body);

/** A JWT has three parts, a JWE five, of which the first is a header. Looks at each character a few times at most, whatever the text. */
function maskedWord(text: string): string {
  const start = text.indexOf('eyJ');
  const dot = start < 0 ? -1 : text.indexOf('.', start);
  return dot >= 0 && text.includes('.', dot + 1) ? `${text.slice(0, start)}${masked}` : text;
}

/** A message as an operator may see it. Masked first and cut then: of half a secret nobody can tell that it is one. */
export function maskedEnvelope(body: Buffer): MaskedEnvelope {
  let value: unknown;
  try {
    value = JSON.parse(shownText(body));
  } catch {
    return { envelope: null, isEnvelopeCut: false };
  }
  if (!isObject(value)) return { envelope: null, isEnvelopeCut: false };
  const room: Room = { bytes: mostBytes, isCut: false };
  const shown = maskObject(value, envelope, room) ?? {};
  return { envelope: shown, isEnvelopeCut: room.isCut };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value when there is room for it, with the signs around it. */
function placed<T>(value: T, room: Room): T | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(value)) + 2;
  if (bytes > room.bytes) {
    room.isCut = true;
    return undefined;
  }
  room.bytes -= bytes;
  return value;
}

function placedText(text: string, room: Room): string | undefined {
  const shown = maskedText(text);
  if (shown.length > mostCharacters) room.isCut = true;
  return placed(shown, room);
}

function firstOf<T>(items: readonly T[], room: Room): readonly T[] {
  if (items.length > mostItems) room.isCut = true;
  return items.slice(0, mostItems);
}

function maskObject(value: Record<string, unknown>, shown: Shown, room: Room): Record<string, unknown> | undefined {
  if (!placed({}, room)) return undefined;
  const entries: [string, unknown][] = [];
  for (const [name, inner] of firstOf(Object.entries(value), room)) {
    const label = placedText(name, room);
    if (label === undefined) continue;
    const rule = Object.hasOwn(shown, name) ? shown[name] : undefined;
    const content = rule === undefined ? placed(masked, room) : mask(inner, rule, room);
    if (content !== undefined) entries.push([label, content]);
  }
  return Object.fromEntries(entries);
}

/** Undefined when there is no room. */
function mask(value: unknown, rule: true | Shown, room: Room): unknown {
  if (rule === true) return typeof value === 'string' ? placedText(value, room) : placed(typeof value === 'object' && value !== null ? masked : value, room);
  if (Array.isArray(value)) {
    if (!placed([], room)) return undefined;
    const items = firstOf(value as unknown[], room).map((item) => (isObject(item) ? maskObject(item, rule, room) : placed(masked, room)));
    return items.filter((item) => item !== undefined);
  }
  return isObject(value) ? maskObject(value, rule, room) : placed(value === null ? null : masked, room);
}
