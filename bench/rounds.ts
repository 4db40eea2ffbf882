import type { Contender } from './contenders/contender.js';
import { totalNames, totalsOf } from './counts/counts.js';
import { shownSpread } from './figures.js';
import type { Report } from './report.js';
import type { Round, Stage } from './stage.js';

/** Each contender is warmed up, then they take turns. */
export async function interleaved(stage: Stage, contenders: readonly Contender[], concurrency: number): Promise<Round[]> {
  const { options, report } = stage;
  for (const contender of contenders) await stage.warmUp(contender, concurrency);
  const rounds: Round[] = [];
  for (let index = 0; index < options.rounds; index += 1) {
    for (const contender of contenders) {
      const round = await stage.round(contender, concurrency);
      rounds.push(round);
      report.line({ scenario: options.scenario, load: 'closed', concurrency, round: index, ...recorded(round) });
    }
  }
  return rounds;
}

/** One row a contender: median, least and most over its rounds; ratios to the last contender's round of the same turn. */
export function printRounds(report: Report, title: string, rounds: readonly Round[]): void {
  const names = [...new Set(rounds.map(({ contender }) => contender))];
  const of = (name: string) => rounds.filter(({ contender }) => contender === name);
  const reference = names.at(-1) ?? '';
  const allCpu = ({ brokerCpu, databaseCpu, servicesCpu }: Round) => servicesCpu + brokerCpu + databaseCpu;
  const ratio = (name: string, figure: (round: Round) => number) => (
    name === reference ? '' : shownSpread(of(name).map((round, index) => figure(round) / figure(of(reference)[index] ?? round))));
  const cells = (name: string, ...figures: ((round: Round) => number)[]) => figures.map((figure) => shownSpread(of(name).map(figure)));
  report.text(`\n${title}, ${of(reference).length} rounds, ${rounds.reduce((sum, { deployments }) => sum + deployments, 0)} deployments verified; times and CPU in ms, CPU a deployment`);
  report.table(
    ['contender', '/s', 'p50', 'p95', 'p99', 'CPU services', 'broker', 'database', 'sum', 'RSS MB', `/s to ${reference}`, `CPU to ${reference}`, 'CPU simulators', 'driver'],
    names.map((name) => [
      name, ...cells(name, (r) => r.perSecond, (r) => r.p50, (r) => r.p95, (r) => r.p99),
      ...cells(name, (r) => r.servicesCpu, (r) => r.brokerCpu, (r) => r.databaseCpu, allCpu, (r) => r.rss),
      ratio(name, (r) => r.perSecond), ratio(name, allCpu), ...cells(name, (r) => r.simulatorsCpu, (r) => r.driverCpu),
    ]));
  report.text('a deployment:');
  report.table(['contender', ...totalNames], names.map((name) => [
    name, ...totalNames.map((total) => shownSpread(of(name).map(({ counts, deployments }) => totalsOf(counts, deployments)[total]))),
  ]));
}

/** A round as a record: totals by deployment, and how often each statement was sent in it. */
export function recorded(round: Round): Readonly<Record<string, unknown>> {
  const { counts, ...figures } = round;
  return { ...figures, ...totalsOf(counts, figures.deployments), statementsSent: counts.statements };
}
