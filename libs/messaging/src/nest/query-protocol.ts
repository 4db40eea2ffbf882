import { readJsonBytes } from '@trunkline/contracts';

/** Question and answer on a query queue, as JSON. */
export interface Question {
  readonly pattern: string;
  readonly data: unknown;
}

export type Answer =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** Beside the pattern of a handler that changes something: a question that may have been carried out before is then not answered again. */
export const acting = { isActing: true } as const;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export function encode(content: Question | Answer): Buffer {
  return Buffer.from(JSON.stringify(content));
}

/** Undefined for anything that is not a question. */
export function decodeQuestion(body: Buffer): Question | undefined {
  const value = parse(body);
  return isRecord(value) && typeof value.pattern === 'string' ? { pattern: value.pattern, data: value.data } : undefined;
}

/** Undefined for anything that is not an answer. */
export function decodeAnswer(body: Buffer): Answer | undefined {
  const value = parse(body);
  if (!isRecord(value)) return undefined;
  if (value.ok === true) return { ok: true, data: value.data };
  if (value.ok !== false || !isRecord(value.error)) return undefined;
  const { code, message } = value.error;
  return typeof code === 'string' && typeof message === 'string' ? { ok: false, error: { code, message } } : undefined;
}

/**
 * The answer to a question whose handler failed. Only an `RpcException({ code, message })` is told to the asker; of anything
 * else nothing leaves the service.
 */
export function failureOf(error: unknown): Answer {
  if (isRecord(error) && !(error instanceof Error) && typeof error.code === 'string' && typeof error.message === 'string') {
    return { ok: false, error: { code: error.code, message: error.message } };
  }
  return { ok: false, error: { code: 'INTERNAL', message: 'The question could not be answered because of an internal error' } };
}

function parse(body: Buffer): unknown {
  const read = readJsonBytes(body);
  return read.ok ? read.value : undefined;
}
