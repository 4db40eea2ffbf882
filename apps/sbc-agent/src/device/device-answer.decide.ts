import { rejectionMessage } from './script-rejection.decide.js';
import type { SentScript } from './script-rejection.decide.js';

/** What was asked of the device. */
export type DeviceRequest =
  | { readonly operation: 'status' | 'read' | 'save' }
  | ({ readonly operation: 'script' } & SentScript);

/** What came of a request. `failure` is a code of the network, or one of ours: ABORTED, TIMEOUT, TOO_LARGE, LEASE_EXPIRED. */
export type DeviceAnswer =
  | {
    readonly phase: 'before-sent' | 'after-sent';
    readonly failure: string;
    /** A part of an answer had come. */
    readonly hasBegun?: true;
  }
  | {
    readonly phase: 'answered';
    readonly status: number;
    readonly contentType: string;
    readonly body: string;
    /** Whether a length or chunks would have shown a cut; a body that just ends may have been cut. */
    readonly isLengthKnown: boolean;
    readonly retryAfter?: string;
  };

export type AnswerVerdict =
  | { readonly kind: 'good'; readonly isConfirmed: boolean; readonly text: string; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'transient' | 'permanent' | 'unknown'; readonly code: string; readonly message: string; readonly retryAfterMs?: number };

/** Texts in a run's output that mean a failed line, as whole words in any case; devices differ, so it can be configured. */
export const defaultFailureMarkers: readonly string[] = [
  'invalid', 'error', 'failed', 'unknown command', 'ambiguous', 'incomplete', 'already exists', 'is not found', 'table is full',
];

const longestRetryAfterMs = 600_000;
const isCli = /^[ \t]*configure[ \t]/m;

/** The one place where a device's answers become verdicts. */
export function decideAnswer(request: DeviceRequest, answer: DeviceAnswer, markers = defaultFailureMarkers): AnswerVerdict {
  if (answer.phase !== 'answered') return decideFailure(request, answer.phase, answer.failure);
  const { status } = answer;
  if (status >= 200 && status < 300) return decideGood(request, answer, markers);
  if (status >= 300 && status < 400) return permanent('SBC_REDIRECTED', `SBC answered with a redirect (HTTP ${status})`);
  switch (status) {
    case 400: return request.operation === 'script' ? rejected(request, answer, markers) : permanent('SBC_REQUEST_REJECTED', 'SBC rejected the request (HTTP 400)');
    case 401: case 403: case 405: return permanent('SBC_CREDENTIALS_REJECTED', 'SBC rejected credentials');
    case 409: return busy('SBC busy (HA synchronization)', answer.retryAfter);
    case 429: case 503: return busy(`SBC busy (HTTP ${status})`, answer.retryAfter);
    case 408: return unclear(request, 'SBC_FAILED', 'SBC failed (HTTP 408)');
    default: return status < 500
      ? permanent('SBC_REQUEST_REJECTED', `SBC rejected the request (HTTP ${status})`)
      : unclear(request, 'SBC_FAILED', `SBC failed (HTTP ${status})`);
  }
}

function decideFailure(request: DeviceRequest, phase: 'before-sent' | 'after-sent', failure: string): AnswerVerdict {
  if (failure === 'LEASE_EXPIRED') return { kind: 'transient', code: 'SBC_LEASE_EXPIRED', message: 'The lease of the SBC ended before the script was sent' };
  if (phase === 'before-sent') {
    return failure === 'ABORTED' ? { kind: 'transient', code: 'SBC_CALL_ABORTED', message: 'The call to the SBC was given up before it was sent' } : unreachable('transient');
  }
  if (failure === 'TOO_LARGE' && request.operation !== 'script') return permanent('SBC_ANSWER_TOO_LARGE', 'SBC answered with more than can be read');
  return unreachable(request.operation === 'script' ? 'unknown' : 'transient');
}

function decideGood(request: DeviceRequest, answer: DeviceAnswer & { phase: 'answered' }, markers: readonly string[]): AnswerVerdict {
  const { body } = answer;
  if (request.operation === 'read') {
    const configuration = configurationIn(answer);
    return configuration === undefined ? unreadable() : good(true, configuration);
  }
  // A web page comes from a proxy or a login form: whoever wrote it, it does not tell what the device did.
  if (isHtml(answer)) return unclear(request, 'SBC_ANSWER_UNREADABLE', 'SBC gave an unreadable answer');
  const fields = jsonObject(body);
  const said = wordOf(fields, 'status');
  switch (request.operation) {
    case 'status': return textOf(fields?.operationalState) === undefined ? unreadable() : good(true, body, fields);
    case 'save': return said === undefined || isSuccess(said) ? good(said !== undefined, body) : { kind: 'transient', code: 'SBC_SAVE_FAILED', message: 'SBC could not save its configuration' };
    case 'script': break;
  }
  const output = fields ? wordOf(fields, 'output') ?? '' : body;
  if (said !== undefined) return isSuccess(said) ? good(true, output, fields) : rejected(request, answer, markers);
  const failed = rejectionMessage(request, { description: '', output }, markers);
  return failed.hasMarker ? permanent('SBC_SCRIPT_REJECTED', failed.message) : good(false, output, fields);
}

function rejected(request: SentScript, answer: DeviceAnswer & { phase: 'answered' }, markers: readonly string[]): AnswerVerdict {
  const fields = jsonObject(answer.body);
  const description = wordOf(fields, 'description') ?? '';
  const output = fields ? wordOf(fields, 'output') ?? '' : isHtml(answer) ? '' : answer.body;
  return permanent('SBC_SCRIPT_REJECTED', rejectionMessage(request, { description, output }, markers).message);
}

/** Something happened that is no plain no: a script may have run. */
function unclear(request: DeviceRequest, code: string, message: string): AnswerVerdict {
  return { kind: request.operation === 'script' ? 'unknown' : 'transient', code, message };
}

function unreachable(kind: 'transient' | 'unknown'): AnswerVerdict {
  return { kind, code: kind === 'unknown' ? 'SBC_ANSWER_LOST' : 'SBC_UNREACHABLE', message: 'SBC unreachable' };
}

function unreadable(): AnswerVerdict {
  return { kind: 'transient', code: 'SBC_ANSWER_UNREADABLE', message: 'SBC gave an unreadable answer' };
}

function permanent(code: string, message: string): AnswerVerdict {
  return { kind: 'permanent', code, message };
}

function busy(message: string, retryAfter: string | undefined): AnswerVerdict {
  const seconds = /^\d{1,6}$/.test(retryAfter?.trim() ?? '') ? Number(retryAfter) : undefined;
  return { kind: 'transient', code: 'SBC_BUSY', message, ...seconds !== undefined && { retryAfterMs: Math.min(seconds * 1000, longestRetryAfterMs) } };
}

function good(isConfirmed: boolean, text: string, fields: Readonly<Record<string, unknown>> = {}): AnswerVerdict {
  return { kind: 'good', isConfirmed, text, fields };
}

function isHtml({ contentType, body }: { readonly contentType: string; readonly body: string }): boolean {
  return /html/i.test(contentType) || /^\s*<(!doctype|html)\b/i.test(body);
}

/**
 * The CLI text of a read: some releases put a line of a web page before it, some ini text behind it.
 * An empty or cut text must not pass for a device without rows.
 */
function configurationIn({ body, contentType, isLengthKnown }: DeviceAnswer & { phase: 'answered' }): string | undefined {
  const withoutPage = body.replace(/^\s*<[^\n]*\n/, '');
  const text = withoutIni(withoutPage);
  if (jsonObject(text) || isHtml({ contentType: '', body: text }) || !isCli.test(text)) return undefined;
  // Where part of it is a page, only its end shows that the rest is none.
  const isWhole = /\b(exit|end)\s*$/.test(text) || (isLengthKnown && withoutPage === body && !isHtml({ contentType, body }));
  return isWhole ? text : undefined;
}

function withoutIni(text: string): string {
  const last = /^(?:exit|end)[ \t]*\r?\n(?=\s*[;[])/m.exec(text);
  if (!last) return text;
  const end = last.index + last[0].length;
  return isCli.test(text.slice(end)) ? text : text.slice(0, end);
}

function isSuccess(status: string): boolean {
  return status.trim().toLowerCase() === 'success';
}

function jsonObject(body: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(body)) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return brokenJson(body);
  }
}

// Console text put into JSON without escaping makes it unparsable; the words that decide are still there.
function brokenJson(body: string): Record<string, unknown> {
  return {
    status: /"status"\s*:\s*"([^"]*)"/i.exec(body)?.[1],
    description: /"description"\s*:\s*"([^"]*)"/i.exec(body)?.[1],
    output: afterOutput(body),
  };
}

function afterOutput(body: string): string {
  const start = /"output"\s*:/i.exec(body);
  return start ? body.slice(start.index + start[0].length).trim().replace(/^"/, '').replace(/\}$/, '').trimEnd().replace(/"$/, '') : body;
}

/** Releases differ in how they write the names. */
function wordOf(fields: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  return textOf(Object.entries(fields ?? {}).find(([key]) => key.toLowerCase() === name)?.[1]);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
