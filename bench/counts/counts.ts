import { createConnection } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import { eventually, type Settings } from '@trunkline/testing';

/** One statement, over all sessions. */
export interface StatementCount {
  readonly sent: number;
  /** Exchanges with PostgreSQL it began: statements that are sent together on a pipelined session share one. */
  readonly roundTrips: number;
  /** Ends of a transaction; of a statement outside of one that may write, each. */
  readonly commits: number;
  /** BEGIN, COMMIT and ROLLBACK: not counted as statements. */
  readonly isControl: boolean;
}

/** What processes have exchanged with others since they started. */
export interface Counts {
  /** Handed to RabbitMQ, questions and replies included. */
  readonly messages: number;
  /** HTTP requests to Microsoft, SBCs and OVOC. */
  readonly calls: number;
  /** By name, or by the beginning of the text. */
  readonly statements: Readonly<Record<string, StatementCount>>;
}

/** Longer than an exchange takes, and shorter than the gaps between the polls of many processes. */
const quietMs = 100;

export const totalNames = ['roundTrips', 'statements', 'commits', 'messages', 'calls'] as const;
export type Totals = Readonly<Record<(typeof totalNames)[number], number>>;

/** Settings with which a program counts; its socket lies in `folder`. It also profiles itself where the environment names a folder for that. */
export function countingIn(folder: string): Settings {
  const profiles = process.env['TRUNKLINE_PROFILE_FOLDER'];
  const modules = ['counting.mjs', ...profiles === undefined ? [] : ['../profile/profiling.mjs']];
  return {
    NODE_OPTIONS: modules.map((module) => `--import ${pathToFileURL(join(import.meta.dirname, module)).href}`).join(' '), TRUNKLINE_COUNTS_FOLDER: folder,
    ...profiles !== undefined && { TRUNKLINE_PROFILE_FOLDER: profiles },
  };
}

/** The sum over these processes. */
export async function readCounts(folder: string, pids: Iterable<number>): Promise<Counts> {
  const all = await Promise.all([...pids].map(async (pid) => JSON.parse(await text(createConnection(join(folder, `${pid}.sock`)))) as Counts));
  return all.reduce((sum, counts) => combined(sum, counts, 1), none);
}

/** What a contender has exchanged when it has nothing left to do: between its polls nothing is exchanged. @throws when it goes on for a minute */
export function countsAtRest(contender: { counts(): Promise<Counts> }): Promise<Counts> {
  return eventually('nothing to be exchanged any more', async () => {
    const before = await contender.counts();
    await delay(quietMs);
    const after = await contender.counts();
    return isDeepStrictEqual(before, after) && after;
  }, 60_000);
}

/** What has been exchanged since `before`. */
export function since(before: Counts, after: Counts): Counts {
  return combined(after, before, -1);
}

/** Over all statements, for each of so many deployments. */
export function totalsOf({ calls, messages, statements }: Counts, deployments: number): Totals {
  const all = Object.values(statements);
  const sum = (figure: (count: StatementCount) => number) => all.reduce((total, count) => total + figure(count), 0) / deployments;
  return {
    roundTrips: sum(({ roundTrips }) => roundTrips), statements: sum(({ isControl, sent }) => (isControl ? 0 : sent)), commits: sum(({ commits }) => commits),
    messages: messages / deployments, calls: calls / deployments,
  };
}

/**
 * Whole figures of one deployment out of many: what is exchanged in any case, as often in idle time, is left out, and the rest is rounded, because a
 * statement more or less a deployment is one, and a poll that came now and then is none. `idle` and `counts` cover times of `idleMs` and `ms`.
 */
export function wholeTotalsOf(counts: Counts, deployments: number, ms: number, idle: Counts, idleMs: number): Totals {
  const whole = (figure: number, inIdleTime: number): number => (
    figure / deployments - (inIdleTime * ms / idleMs) / deployments < 0.5 ? 0 : Math.round(figure / deployments));
  const statements = Object.fromEntries(Object.entries(counts.statements).map(([key, { commits, isControl, roundTrips, sent }]) => {
    const { [key]: seen = notSent } = idle.statements;
    return [key, { sent: whole(sent, seen.sent), roundTrips: whole(roundTrips, seen.roundTrips), commits: whole(commits, seen.commits), isControl }];
  }));
  const messages = Math.round((counts.messages - idle.messages * ms / idleMs) / deployments);
  return totalsOf({ statements, messages, calls: whole(counts.calls, idle.calls) }, 1);
}

const none: Counts = { messages: 0, calls: 0, statements: {} };
const notSent: StatementCount = { sent: 0, roundTrips: 0, commits: 0, isControl: false };

function combined(one: Counts, other: Counts, sign: 1 | -1): Counts {
  const keys = new Set([...Object.keys(one.statements), ...Object.keys(other.statements)]);
  return {
    messages: one.messages + sign * other.messages, calls: one.calls + sign * other.calls,
    statements: Object.fromEntries([...keys].map((key) => {
      const [first, second] = [one.statements[key] ?? notSent, other.statements[key] ?? notSent];
      return [key, {
        sent: first.sent + sign * second.sent, roundTrips: first.roundTrips + sign * second.roundTrips, commits: first.commits + sign * second.commits,
        isControl: first.isControl || second.isControl,
      }];
    })),
  };
}
