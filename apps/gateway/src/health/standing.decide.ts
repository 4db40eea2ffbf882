import type { StandingView } from '@trunkline/contracts';

/** What each provisioner last said of itself, by its name, and when, on the monotonic clock. */
export type Standings = ReadonlyMap<string, { readonly reasons: readonly string[]; readonly saidAtMs: number }>;

/** Longer than a provisioner takes to start again, or an answer to come through a crowd of questions. */
const rememberedMs = 10_000;

/** What is known after a question; `said` is undefined when nobody answered it. */
export function decideStandings(known: Standings, said: StandingView | undefined, nowMs: number): Standings {
  const recent = [...known].filter(([, { saidAtMs }]) => /* safeguard: unready-remembered */ nowMs - saidAtMs < rememberedMs);
  return new Map(said ? [...recent, [said.instance, { reasons: said.reasons, saidAtMs: nowMs }]] : recent);
}

/** Why nothing can be taken in; empty as long as one of them can, or when nothing is known. */
export function reasonsOf(standings: Standings): readonly string[] {
  const said = [...standings.values()].map(({ reasons }) => reasons);
  return /* safeguard: one-ready-provisioner */ said.some((reasons) => reasons.length === 0) ? [] : [...new Set(said.flat())];
}
