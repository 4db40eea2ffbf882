import { fold } from '@trunkline/contracts';
import { Story } from '@trunkline/testing';
import { describe, expect, it } from 'vitest';

import { decideWaiting, speaksOf, standingOf, type Waiting } from './waiting.decide.js';

const story = new Story('7d3f3c1e-2f52-4a7e-9a43-1f0b9a3b6c11', 'Northwind7');
const deployed = story.deployed();
const failed = story.failed('SBC unreachable');
const deployment = fold(deployed)!;
const running = fold(deployed.slice(0, 2))!;
const problem = { field: 'siteLocation.sbcId', code: 'SBC_NOT_FOUND', message: 'SBC 9 is not known.' };

describe('where a deployment stands by what was heard of it', () => {
  it.each([
    ['open when nothing was heard', [], 'open'],
    ['open while no outcome was heard', deployed.slice(0, 4), 'open'],
    ['answered by a whole log', deployed, 'answered'],
    ['answered by a whole log in any order, with duplicates', [...deployed, ...deployed].reverse(), 'answered'],
    ['answered by a failure once its undo has ended', failed, 'answered'],
    ['open while a failure is undone', failed.slice(0, -1), 'open'],
    ['answered by a rejection', [story.accepted(), story.rejected(400, [problem])], 'answered'],
    ['incomplete when a step in the middle was lost', deployed.filter((_event, index) => index !== 2), 'incomplete'],
    ['incomplete when only acceptance and outcome were told', [deployed[0]!, deployed[4]!], 'incomplete'],
    ['incomplete when the outcome counts more events than were heard', [...deployed.slice(0, 4), story.completed('Deployed', 6)], 'incomplete'],
    ['incomplete when a report was heard that the log has lost', [...deployed.slice(0, 4), story.completed('Deployed', 4)], 'incomplete'],
    ['incomplete when earlier rounds were not heard', story.deployed(2), 'incomplete'],
    ['incomplete when a rejection came without its acceptance', [story.rejected(400, [problem])], 'incomplete'],
    ['open when a newer round has begun', [story.accepted(), story.rejected(503, [problem]), story.accepted(2)], 'open'],
    ['open when a retry has begun after a hold', [...deployed.slice(0, 3), story.completed('Held', 4, 'OVOC unreachable'), story.created(2)], 'open'],
    ['answered by a hold', [story.accepted(), story.created(), story.onboardingFailed('no'), story.completed('Held', 4, 'no')], 'answered'],
  ] as const)('is %s', (_name, events, kind) => {
    expect(standingOf(events).kind).toBe(kind);
  });

  it('names the outcome it can not explain', () => {
    expect(standingOf([deployed[4]!])).toEqual({ kind: 'incomplete', outcomeId: deployed[4]!.id });
  });

  it('tells the whole progress with the answer', () => {
    const standing = standingOf(deployed);
    expect(standing.kind === 'answered' && standing.deployment.progress).toHaveLength(4);
  });
});

describe('what the log said', () => {
  it.each([
    ['speaks of a request nobody else can have made', { isShared: false, acceptedAtMs: undefined }, 1, true],
    ['says nothing of a shared request that was not accepted', { isShared: true, acceptedAtMs: undefined }, 1, false],
    ['says nothing of a shared request accepted after the question', { isShared: true, acceptedAtMs: 101 }, 1, false],
    ['speaks of a shared request accepted before the question', { isShared: true, acceptedAtMs: 100 }, 1, true],
    ['is too old when a newer round was heard of', { isShared: false, acceptedAtMs: 50 }, 2, false],
  ])('%s', (_name, caller, heardRound, expected) => {
    expect(speaksOf({ deployment, askedAtMs: 100 }, caller, heardRound)).toBe(expected);
  });
});

describe('what a waiting caller is told', () => {
  const waiting: Waiting = {
    isAccepted: true, isContested: false, answersWhenAccepted: false, isOverdue: false, isAskedWhenOverdue: false,
    standing: { kind: 'open' }, isOutcomeAsked: false, lookedUp: undefined,
  };
  const answered = { kind: 'answered', deployment } as const;
  const incomplete = { kind: 'incomplete', outcomeId: 'x' } as const;

  it.each([
    ['nothing while it runs', {}, 'wait'],
    ['nothing while it runs by the log, too', { lookedUp: running }, 'wait'],
    ['the outcome that was heard', { standing: answered }, 'end'],
    ['the outcome that was looked up', { lookedUp: deployment }, 'end'],
    ['nothing of an outcome before his own request is accepted', { isAccepted: false, standing: answered }, 'wait'],
    ['nothing while others with another request wait for the same', { isContested: true, standing: answered }, 'wait'],
    ['that it is accepted, when that is all he wants', { answersWhenAccepted: true }, 'tell-accepted'],
    ['that it is accepted even when it has ended meanwhile, when that is all he wants', { answersWhenAccepted: true, standing: answered }, 'tell-accepted'],
    ['nothing before it is accepted, when that is all he wants', { answersWhenAccepted: true, isAccepted: false }, 'wait'],
    ['nothing yet when an outcome can not be explained: the log is asked', { standing: incomplete }, 'ask'],
    ['nothing when the log was asked about that outcome', { standing: incomplete, isOutcomeAsked: true }, 'wait'],
    ['nothing yet when his time is over: the log is asked once more', { isOverdue: true }, 'ask'],
    ['that it still runs, when his time is over', { isOverdue: true, isAskedWhenOverdue: true, lookedUp: running }, 'tell-accepted'],
    ['the outcome, when the last question brought it', { isOverdue: true, isAskedWhenOverdue: true, lookedUp: deployment }, 'end'],
    ['that it may still run, when nobody accepted it in time', { isAccepted: false, isOverdue: true, isAskedWhenOverdue: true }, 'tell-unconfirmed'],
    ['that it may still run, when nobody knows whose it is', { isContested: true, isOverdue: true, isAskedWhenOverdue: true }, 'tell-unconfirmed'],
  ] as const)('%s', (_name, over, kind) => {
    expect(decideWaiting({ ...waiting, ...over }).kind).toBe(kind);
  });
});
