import { reachFaultPoint } from '@trunkline/runtime';
import type { Dispatcher } from 'undici';
import { AnswerBody, type TakeBytes } from './answer-body.js';
import type { DeviceAnswer } from './device-answer.decide.js';
import type { DeviceLine } from './device-line.js';

export interface DeviceCall {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** For the wait for a free connection, and again for the answer from the moment of writing. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly signal: AbortSignal;
  readonly mayStart?: () => boolean;
  /** Gets the answer's bytes as they come, whatever its status; then only the edges of a long body are kept. */
  readonly take?: TakeBytes;
}

/** What came of a call, and the network's error where there is one. */
export interface CallResult {
  readonly answer: DeviceAnswer;
  readonly cause?: Error;
  /** It was written on a connection that had been used before: the device may have closed that without saying so. */
  readonly wasReused: boolean;
}

/**
 * Sends one request, at most once, and always resolves. The request is written body and headers together, in the tick in which `mayStart` said yes; a call
 * that ended before that is never written later.
 */
export function callDevice(line: DeviceLine, call: DeviceCall): Promise<CallResult> {
  return new Promise((resolve) => {
    const exchange = new Exchange(line, call, resolve);
    if (exchange.isOver) return;
    line.client.dispatch({
      path: call.path, method: call.method, headers: { ...call.headers }, body: call.body ?? null,
      reset: line.isPerCall,
      // The exchange keeps the time itself, to the millisecond; these only guard it.
      headersTimeout: call.timeoutMs + 5_000, bodyTimeout: call.timeoutMs + 5_000,
    }, exchange);
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  private phase: 'before-sent' | 'after-sent' = 'before-sent';
  private controller: Dispatcher.DispatchController | undefined;
  private timer: NodeJS.Timeout;
  isOver = false;
  private wasReused = false;
  private status = 0;
  private headers: Record<string, string | string[] | undefined> = {};
  private readonly body: AnswerBody;
  private readonly onAbort = () => this.giveUp('ABORTED');

  constructor(private readonly line: DeviceLine, private readonly call: DeviceCall, private readonly resolve: (result: CallResult) => void) {
    this.body = new AnswerBody(call.take);
    this.timer = this.startTimer();
    if (call.signal.aborted) this.giveUp('ABORTED');
    else call.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (!this.isOver && this.call.mayStart?.() === false) this.giveUp('LEASE_EXPIRED');
    if (this.isOver) {
      controller.abort(new Error('given up before it was sent'));
      return;
    }
    if (this.call.mayStart) reachFaultPoint('sbc-agent.before-script-bytes');
    this.phase = 'after-sent';
    this.wasReused = this.line.use();
    clearTimeout(this.timer);
    this.timer = this.startTimer();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[] | undefined>): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isOver) return;
    this.body.add(chunk);
    if (this.body.size > this.call.maxAnswerBytes) this.giveUp('TOO_LARGE');
  }

  onResponseEnd(): void {
    this.body.taken().then(() => { this.answered(); }, (cause: Error) => { this.finish({ answer: { phase: this.phase, failure: 'UNREADABLE', hasBegun: true }, cause }); });
  }

  private answered(): void {
    const retryAfter = this.header('retry-after');
    this.finish({
      answer: {
        phase: 'answered', status: this.status, contentType: this.header('content-type') ?? '', body: this.body.text,
        isLengthKnown: this.header('content-length') !== undefined || this.header('transfer-encoding') !== undefined,
        ...retryAfter !== undefined && { retryAfter },
      },
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
    this.finish({ answer: { phase: this.phase, failure: code, ...this.status !== 0 && { hasBegun: true } }, cause: error });
  }

  private giveUp(failure: string): void {
    const wasSent = this.phase === 'after-sent';
    this.finish({ answer: { phase: this.phase, failure } });
    if (wasSent) this.controller?.abort(new Error(failure));
  }

  private finish(result: Omit<CallResult, 'wasReused'>): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.call.signal.removeEventListener('abort', this.onAbort);
    this.resolve({ ...result, wasReused: this.wasReused });
  }

  private startTimer(): NodeJS.Timeout {
    return setTimeout(() => this.giveUp('TIMEOUT'), this.call.timeoutMs);
  }

  private header(name: string): string | undefined {
    const value = this.headers[name];
    return Array.isArray(value) ? value[0] : value;
  }
}
