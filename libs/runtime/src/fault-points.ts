import type { Environment } from './configuration.js';

/** Moments at which a process may be made to end, to prove that nothing is lost there. */
export const faultPoints = [
  'intake.after-receive', 'intake.before-commit', 'intake.after-commit', 'intake.before-ack',
  'outbox.before-publish', 'outbox.after-confirm',
  'results.before-commit', 'results.after-commit',
  'provisioner.before-decision-commit', 'provisioner.after-decision-commit', 'provisioner.before-tenant-check',
  'sbc-agent.after-lease', 'sbc-agent.before-script', 'sbc-agent.before-script-bytes', 'sbc-agent.after-script', 'sbc-agent.before-save',
  'sbc-agent.after-save', 'sbc-agent.before-results', 'sbc-agent.in-cleanup',
  'ovoc-sync.before-create', 'ovoc-sync.after-create', 'ovoc-sync.in-cleanup',
  'gateway.before-publish', 'gateway.after-publish', 'gateway.before-answer',
] as const;
export type FaultPoint = (typeof faultPoints)[number];

/**
 * `TRUNKLINE_FAULT_POINT=<name>[:<nth time>][:stop|:term]`: the process is killed there; with `stop` it stands still until it gets SIGCONT, with `term` it is
 * asked to end.
 */
export const faultPointVariable = 'TRUNKLINE_FAULT_POINT';

interface Armed {
  readonly point: string;
  readonly nth: number;
  readonly signal: 'SIGKILL' | 'SIGSTOP' | 'SIGTERM';
}

let armed = parse(process.env[faultPointVariable]);
let times = 0;

/** Does nothing unless the environment has armed this very point; then the next instruction is not reached, or much later. Synchronous. */
export function reachFaultPoint(point: FaultPoint): void {
  if (armed?.point !== point) return;
  times += 1;
  if (times !== armed.nth) return;
  const { signal } = armed;
  armed = undefined;
  process.kill(process.pid, signal);
}

/** Whether the process may end there. */
export function isFaultPointArmed(point: FaultPoint): boolean {
  return armed?.point === point;
}

/** What is wrong with the variable, one line a problem; in production it must not be set at all. */
export function faultPointProblems(environment: Environment): readonly string[] {
  const text = environment[faultPointVariable];
  if (text === undefined || text === '') return [];
  if (/* safeguard: fault-points-in-production */ environment['NODE_ENV'] === 'production') return [`${faultPointVariable} is set: it kills the process in the middle of its work and is refused with NODE_ENV=production`];
  return parse(text) ? [] : [`${faultPointVariable}: "${text}" is not <name>[:<nth time>][:stop|:term] with one of these names: ${faultPoints.join(', ')}`];
}

function parse(text: string | undefined): Armed | undefined {
  const match = /^([a-z.-]+)(?::([1-9]\d{0,6}))?(?::(stop|term))?$/.exec(text ?? '');
  const [, point = '', nth = '1', how] = match ?? [];
  if (!(faultPoints as readonly string[]).includes(point) || process.env['NODE_ENV'] === 'production') return undefined;
  return { point, nth: Number(nth), signal: how === 'stop' ? 'SIGSTOP' : how === 'term' ? 'SIGTERM' : 'SIGKILL' };
}
