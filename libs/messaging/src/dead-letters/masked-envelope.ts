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
/** Five parts, of which the first is the header of a JWE. */
const sealed = /eyJ[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){2,4}/g;

/** Text with whatever is sealed in it masked, and bounded. */
export function maskedText(text: string): string {
  const shown = text.replace(sealed, masked);
  return shown.length <= mostCharacters ? shown : `${shown.slice(0, mostCharacters).replace(/\p{Cs}/gu, '\uFFFD')}…`;
}

/** A message as an operator may see it; null when it is no JSON object: of such a text nobody can say what in it is secret. */
export function maskedEnvelope(body: Buffer): Record<string, unknown> | null {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  return isObject(value) ? maskObject(value, envelope) : null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function maskObject(value: Record<string, unknown>, shown: Shown): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, mostItems).map(([name, inner]) => {
    const rule = Object.hasOwn(shown, name) ? shown[name] : undefined;
    return [maskedText(name), rule === undefined ? masked : mask(inner, rule)] as const;
  });
  return Object.fromEntries(entries);
}

function mask(value: unknown, rule: true | Shown): unknown {
  if (rule === true) return typeof value === 'string' ? maskedText(value) : typeof value === 'object' && value !== null ? masked : value;
  if (Array.isArray(value)) return value.slice(0, mostItems).map((item) => (isObject(item) ? maskObject(item, rule) : masked));
  return isObject(value) ? maskObject(value, rule) : value === null ? null : masked;
}
