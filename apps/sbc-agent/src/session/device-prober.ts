import { BackgroundLoop, idle } from '@trunkline/runtime';
import { type EndingJob, type EndingOptions, type JobResult, LaneJobs } from '@trunkline/steps';

import { noContact } from '../device/device-contact.decide.js';
import type { SbcDevices } from '../device/sbc-devices.js';
import type { Silence } from '../lease/lease-store.js';
import { JobReports, stepTimeMs } from '../site/job-reports.js';
import { startByPassed } from '../site/site-planner.js';
import { owesNoUndo } from '../site/undo-notes.js';
import type { DeviceHealthRecord } from './device-health.js';
import type { SessionParts } from './session-parts.js';

const pollMs = 1_000;
/** A probe holds one connection that has not been answered, so there may be many; but not endlessly many. */
const probesAtOnce = 64;
const devicesAtOnce = 1_000;
const endingAtOnce = 200;
/** Codes of attempts that failed because the device was silent. */
const silenceCodes = ['SBC_UNREACHABLE', 'SBC_ANSWER_LOST'];

/**
 * Looks after devices whose breaker is open, apart from the sessions, so that they hold none of these: asks one at a time of all agents whether the
 * device answers again, and ends the jobs that can't wait for it.
 */
export class DeviceProber {
  private readonly probes = new Map<number, Promise<void>>();
  private readonly abort = new AbortController();
  private readonly looking: BackgroundLoop;
  private readonly jobs: LaneJobs;
  private readonly reports: JobReports;

  constructor(
    private readonly parts: SessionParts, private readonly devices: SbcDevices, private readonly health: DeviceHealthRecord,
    private readonly onAnswer: () => void,
  ) {
    this.jobs = new LaneJobs(parts.database);
    this.reports = new JobReports(parts);
    this.looking = new BackgroundLoop('device prober', pollMs, () => this.look(), parts.logger);
  }

  start(): void {
    this.looking.start();
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.looking.stop();
    await Promise.all(this.probes.values());
  }

  private async look(): Promise<typeof idle | undefined> {
    const silent = await this.parts.leases.silentDevices(devicesAtOnce, [...this.probes.keys()]);
    const hasEnded = silent.length > 0 && await this.endJobs(silent.map(({ sbcId }) => sbcId));
    for (const { sbcId } of silent.filter(({ isProbeDue }) => isProbeDue).slice(0, probesAtOnce - this.probes.size)) {
      const probe = this.probe(sbcId)
        .catch((err: unknown) => { this.parts.logger.warn({ err, sbcId }, 'probe of an SBC ended with an error'); })
        .finally(() => { this.probes.delete(sbcId); });
      this.probes.set(sbcId, probe);
    }
    return hasEnded || this.probes.size > 0 ? undefined : idle;
  }

  private async probe(sbcId: number): Promise<void> {
    await this.parts.liveness.ensureAlive();
    const lease = await this.parts.commits.takeForProbe(sbcId);
    if (!lease) return;
    const isQuiet = lease.grant.quietForMs === 0;
    let contact = noContact;
    try {
      const device = await this.devices.open(sbcId);
      // Why it does not answer is in the contact; what it answers does not matter.
      await device.status(this.abort.signal).catch(() => undefined);
      ({ contact } = device);
      await device.close();
      if (contact.hasAnswered) await this.jobs.wakeLane(String(sbcId), silenceCodes);
    } finally {
      await this.health.endVisit(lease, { contact, isQuiet, isSaved: false, isSettled: true, results: [] });
      if (contact.hasAnswered) this.onAnswer();
    }
  }

  /** Those that can't wait for their device. */
  private async endJobs(sbcIds: readonly number[]): Promise<boolean> {
    const options: EndingOptions = { nothingToUndo: { name: 'no-note', of: owesNoUndo }, longestMs: stepTimeMs(this.parts.settings), limit: endingAtOnce };
    let hasEnded = false;
    for (let count = endingAtOnce; count === endingAtOnce && !this.abort.signal.aborted;) {
      const { results, stored } = await this.parts.commits.endSilent(sbcIds, options, (ending, silence) => this.resultOf(ending, silence));
      count = results.length;
      hasEnded ||= count > 0;
      this.reports.ended(results, stored);
    }
    return hasEnded;
  }

  private resultOf({ job, why }: EndingJob, silence: Silence): JobResult {
    switch (why) {
      case 'nothing-to-undo': return this.reports.nothingToClean(job);
      case 'start-by-passed': return this.reports.refused(job, { code: startByPassed.code, reason: `${startByPassed.reason}; ${textOf(silence)}` });
      case 'time-passed': return this.reports.refused(job, { code: 'SBC_CIRCUIT_OPEN', reason: textOf(silence) });
    }
  }
}

function textOf({ lastFault, since }: Silence): string {
  return `SBC unreachable: circuit breaker open since ${since.toISOString()}, last fault ${lastFault}`;
}
