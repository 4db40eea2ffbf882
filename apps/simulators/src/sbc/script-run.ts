import { setTimeout as wait } from 'node:timers/promises';
import type { Session } from './session.js';
import { CommandError, linesOf } from './words.js';

export interface RunOptions {
  /** The output shows each line behind its prompt, as a terminal does. */
  readonly isEchoed: boolean;
  /** How long the whole script takes. */
  readonly timeMs: number;
  /** A line that is made to fail, counted from 1. */
  readonly failAtLine?: number;
  /** True when the device restarted meanwhile, which ends the run. */
  readonly isCancelled: () => boolean;
}

export interface RunResult {
  readonly outcome: 'success' | 'failure' | 'cancelled';
  /** One item a line. */
  readonly output: readonly string[];
}

const mostPauses = 5;

/** Runs a script line by line up to the first error. Time passes between the lines, so two scripts at once really mix. */
export async function runScript(session: Session, script: string, { timeMs, failAtLine, isCancelled, isEchoed }: RunOptions): Promise<RunResult> {
  const lines = linesOf(script);
  const pauses = Math.max(1, Math.min(mostPauses, lines.length, Math.floor(timeMs)));
  const linesBetween = Math.ceil(lines.length / pauses);
  const last = lines.findLastIndex((line) => line.trim() !== '');
  const output: string[] = [];
  for (const [at, line] of lines.entries()) {
    if (timeMs > 0 && at % linesBetween === 0) await wait(timeMs / pauses);
    if (isCancelled()) return { outcome: 'cancelled', output };
    if (line.trim() === '') continue;
    if (isEchoed) output.push(`${session.prompt} ${line.trim()}`);
    try {
      if (at + 1 === failAtLine) throw new CommandError('Error: command failed, internal fault');
      const shown = session.run(line);
      if (shown !== '') output.push(...linesOf(shown));
      if (at === last) session.end();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      output.push(`Line ${at + 1}: ${error.message}`);
      return { outcome: 'failure', output };
    }
  }
  if (isEchoed) output.push(session.prompt);
  return { outcome: 'success', output };
}
