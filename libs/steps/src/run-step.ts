import { TransientError } from './errors.js';
import type { StepAttempt } from './step.js';

export type StepEnd<Seen> =
  /** Everything is there and ours. `wasThere`: the first look found it so, nothing was written now. */
  | { readonly kind: 'done'; readonly seen: Seen; readonly wasThere: boolean }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/** One attempt of a step: look, decide, write at most once, look again. Peer errors pass through. */
export async function runStep<Seen>(step: StepAttempt<Seen>, signal: AbortSignal): Promise<StepEnd<Seen>> {
  let seen = await step.verify(signal);
  let verdict = step.decide(seen);
  if (verdict.kind === 'clean-then-write') {
    await step.undo(signal);
    seen = await step.verify(signal);
    verdict = step.decide(seen);
    if (verdict.kind === 'clean-then-write') throw new TransientError('NOT_CLEAN', `${step.name}: what an earlier attempt left is still there`);
  }
  if (verdict.kind === 'refuse') return { kind: 'refused', code: verdict.code, reason: verdict.reason };
  if (verdict.kind === 'done') return { kind: 'done', seen, wasThere: true };
  await step.apply(seen, signal);
  seen = await step.verify(signal);
  verdict = step.decide(seen);
  if (verdict.kind === 'refuse') return { kind: 'refused', code: verdict.code, reason: verdict.reason };
  if (verdict.kind !== 'done') throw new TransientError('NOT_VISIBLE', `${step.name}: what was written is not to be seen yet`);
  return { kind: 'done', seen, wasThere: false };
}
