import { maxScriptBytes } from '@trunkline/contracts';
import { masked, passwordsIn } from '@trunkline/scripts';
import { OutcomeUnknownError, PermanentError, TransientError } from '@trunkline/steps';
import { decideAnswer } from './device-answer.decide.js';
import type { AnswerVerdict, DeviceRequest } from './device-answer.decide.js';
import { callDevice } from './device-call.js';
import type { CallResult, DeviceCall } from './device-call.js';
import { afterCall, type DeviceContact, isClosedUnanswered, noContact } from './device-contact.decide.js';
import type { DeviceLine } from './device-line.js';
import { fileForm } from './multipart.js';
import { SbcDevice } from './sbc-device.js';
import type { DeviceStatus, RunOptions, ScriptOutcome } from './sbc-device.js';

/** With the time for a connection still shorter than a lease: a probe needs no renewal. */
const longestStatusMs = 8_000;
const maxAnswerBytes = 4 * 1024 * 1024;
const longestSaveRepeatedMs = 1_000;

/** What every call to one device has in common. */
export interface DeviceConnection {
  /** For what may be sent again. */
  readonly kept: DeviceLine;
  /** A connection for each call, for what may be sent once only, and for what `kept` has lost. */
  readonly perCall: DeviceLine;
  /** Path before `/api/v1`, often ''. */
  readonly pathPrefix: string;
  readonly authorization: string;
  /** `trunkline/<version>` */
  readonly product: string;
  readonly responseTimeoutMs: number;
  readonly maxConfigurationBytes: number;
  readonly failureMarkers: readonly string[];
}

type Good = Extract<AnswerVerdict, { kind: 'good' }>;
type Call = Pick<DeviceCall, 'method' | 'path' | 'signal'> & Partial<DeviceCall>;

/** An SBC over its REST interface. */
export class SbcDeviceRest extends SbcDevice {
  private lastContact: DeviceContact = noContact;

  constructor(private readonly connection: DeviceConnection, private readonly release: () => void) {
    super();
  }

  get contact(): DeviceContact {
    return this.lastContact;
  }

  async status(signal: AbortSignal): Promise<DeviceStatus> {
    const timeoutMs = Math.min(this.connection.responseTimeoutMs, longestStatusMs);
    const { fields } = await this.ask({ operation: 'status' }, { method: 'GET', path: '/status', signal, timeoutMs });
    const operationalState = typeof fields['operationalState'] === 'string' ? fields['operationalState'] : '';
    return { isUnlocked: operationalState.toUpperCase() === 'UNLOCKED', operationalState };
  }

  async readConfiguration(signal: AbortSignal, take: (bytes: Buffer) => void): Promise<void> {
    const { maxConfigurationBytes } = this.connection;
    await this.ask({ operation: 'read' }, { method: 'GET', path: '/files/cliScript', signal, maxAnswerBytes: maxConfigurationBytes, take });
  }

  async runScript(script: string, { signal, timeoutMs, mayStart, deploymentId, secrets: given = [] }: RunOptions): Promise<ScriptOutcome> {
    if (Buffer.byteLength(script) > maxScriptBytes) throw new PermanentError('SBC_SCRIPT_TOO_LARGE', 'SBC rejected script: it is longer than 256 KiB');
    const secrets = [...given, ...passwordsIn(script)];
    const { contentType, body } = fileForm(script);
    const headers = { 'content-type': contentType, ...flowHeader(this.connection.product, deploymentId) };
    const answer = await this.ask(
      { operation: 'script', script, secrets },
      { method: 'PUT', path: '/files/cliScript/incremental', signal, timeoutMs, mayStart, body, headers });
    return { output: masked(answer.text, secrets), isConfirmed: answer.isConfirmed };
  }

  async saveConfiguration(signal: AbortSignal): Promise<void> {
    await this.ask({ operation: 'save' }, { method: 'POST', path: '/actions/saveConfiguration', signal });
  }

  override close(): Promise<void> {
    this.release();
    return Promise.resolve();
  }

  private async ask(request: DeviceRequest, call: Call): Promise<Good> {
    const { kept, pathPrefix, authorization, perCall, product, responseTimeoutMs, failureMarkers } = this.connection;
    const send = (line: DeviceLine) => callDevice(line, {
      timeoutMs: responseTimeoutMs, maxAnswerBytes, ...call,
      path: `${pathPrefix}/api/v1${call.path}`,
      headers: { authorization, 'user-agent': product, ...call.headers },
    });
    // Devices close a connection when they like, without saying so: what meets that on an idle one is lost.
    const sentAtMs = performance.now();
    let result = await send(/* safeguard: connection-per-script */ request.operation === 'script' ? perCall : kept);
    // A save that has been under way for long could keep half of what another agent writes by now.
    const mayRepeat = request.operation !== 'script' && (request.operation !== 'save' || performance.now() - sentAtMs < longestSaveRepeatedMs);
    if (/* safeguard: lost-on-idle-connection */ result.wasReused && mayRepeat && isClosedUnanswered(result.answer)) result = await send(perCall);
    // Not a status: whether there is an answer is what it asks.
    if (request.operation === 'read' && isClosedUnanswered(result.answer)) result = await send(perCall);
    this.lastContact = afterCall(this.lastContact, result.answer);
    const verdict = decideAnswer(request, result.answer, failureMarkers);
    if (verdict.kind === 'good') return verdict;
    throw errorOf(verdict, result);
  }
}

function errorOf({ kind, code, message, retryAfterMs }: Exclude<AnswerVerdict, Good>, { cause }: CallResult): Error {
  const options = cause && { cause };
  switch (kind) {
    case 'transient': return new TransientError(code, message, { ...options, ...retryAfterMs !== undefined && { retryAfterMs } });
    case 'permanent': return new PermanentError(code, message, options);
    case 'unknown': return new OutcomeUnknownError(code, message, options);
  }
}

// An id that would not do as a header is left out rather than failing the call.
function flowHeader(product: string, deploymentId: string | undefined): Record<string, string> {
  return deploymentId !== undefined && /^[\w.-]{1,100}$/.test(deploymentId) ? { 'user-agent': `${product} (flow ${deploymentId})` } : {};
}
