import { setTimeout as delay } from 'node:timers/promises';

import type { DeviceFacts } from '@trunkline/inventory';
import { type Clock, type Logger, reachFaultPoint } from '@trunkline/runtime';
import { type Configuration, ConfigurationReader, type Wanted } from '@trunkline/scripts';
import { OutcomeUnknownError, TransientError } from '@trunkline/steps';

import type { DeviceCommits } from '../commits/device-commits.js';
import type { DeviceContact } from '../device/device-contact.decide.js';
import type { SbcDevice } from '../device/sbc-device.js';
import type { Lease } from '../lease/lease.js';
import type { Announced, LeaseStore } from '../lease/lease-store.js';
import type { NewNote, UndoNotes } from '../site/undo-notes.js';
import { isOver, lastScriptOf } from './last-script.js';

export interface VisitParts {
  readonly commits: DeviceCommits;
  readonly leases: LeaseStore;
  readonly notes: UndoNotes;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: { readonly responseTimeoutMs: number };
}

/** How an agent ends: `leaving` when nothing more may be begun, later `cutOff` when what runs is cut off. */
export interface Ending {
  readonly leaving: AbortSignal;
  readonly cutOff: AbortSignal;
}

/** A rendered script of one customer. */
export interface SiteScript {
  readonly customerGuid: string;
  /** The job it is sent for; a sweep has none. */
  readonly jobId?: string;
  /** Named to the device. */
  readonly deploymentId?: string;
  readonly isUndo: boolean;
  readonly text: string;
  /** Values that must not appear in a message. */
  readonly secrets: readonly string[];
}

/** Room between saying that a script may run and its first byte. */
const writeMarginMs = 2_000;
/** A lease that has been prolonged so lately is asked for again in vain: a save takes longer. */
const provenForMs = 1_000;
const quietPollMs = 500;
/** A whole configuration is a lot to read. */
const longestQuietPollMs = 5_000;

/** One device under one lease: nothing is sent to it but under the rules of that lease. */
export class DeviceVisit {
  private readonly startedAtMs: number;
  /** Of every call. */
  private readonly signal: AbortSignal;
  private isSaveOwed: boolean;
  /** Every script sent in this visit has been answered. */
  private isQuiet = true;
  /** A reading has shown the script of the last holder complete: nothing of it runs any more. */
  private isLastKnownOver = false;
  private hasSentScripts = false;
  /** A script that was announced with what else had to be noted before it. */
  private next: { readonly script: SiteScript; readonly answer: Announced } | undefined;

  constructor(
    private readonly parts: VisitParts,
    private readonly facts: Pick<DeviceFacts, 'defaults'>,
    readonly lease: Lease,
    private readonly device: SbcDevice,
    private readonly ending: Ending,
  ) {
    this.signal = ending.cutOff;
    this.startedAtMs = parts.clock.monotonicMs();
    this.isSaveOwed = lease.grant.saveOwed;
  }

  /** What the calls of this visit tell of the way to the device. */
  get contact(): DeviceContact {
    return this.device.contact;
  }

  /** Whether more may be begun. */
  get isOn(): boolean {
    return this.lease.isValid && !this.signal.aborted;
  }

  /** The agent ends: what has been sent is brought to its end, and nothing more is. */
  get isLeaving(): boolean {
    return this.ending.leaving.aborted;
  }

  /** Whether nothing of this visit, or of an earlier one, can still take effect on the device. */
  get endedQuietly(): boolean {
    return this.isQuiet && this.quietInMs() === 0;
  }

  /** The device has something that a restart of it would lose. */
  get owesSave(): boolean {
    return this.isSaveOwed;
  }

  /** Whether a script may have reached the device. */
  get hasSent(): boolean {
    return this.hasSentScripts;
  }

  /**
   * Reads what the device has under these names. While a script of an earlier holder may still be running the reading is repeated until that
   * can't be any more, or until it shows all that this script does.
   */
  async readWhenQuiet(wanted: Wanted): Promise<Configuration> {
    const status = await this.device.status(this.signal);
    if (!status.isUnlocked) throw new TransientError('SBC_LOCKED', `SBC is ${status.operationalState || 'not unlocked'}`);
    const lastScript = this.quietInMs() > 0 ? await lastScriptOf(this.lease.grant, this.parts.notes, this.facts.defaults) : undefined;
    for (let pollMs = quietPollMs; ; pollMs = Math.min(2 * pollMs, longestQuietPollMs)) {
      // Asked before the reading: one that began while something could still run proves nothing.
      const wasQuiet = this.quietInMs() === 0;
      const configuration = await this.read(wanted.add(lastScript?.rows ?? []));
      if (/* safeguard: write-until-successor */ wasQuiet) return configuration;
      if (lastScript && isOver(lastScript, configuration)) {
        this.isLastKnownOver = true;
        return configuration;
      }
      await delay(Math.min(pollMs, this.quietInMs()), undefined, { signal: /* safeguard: leaves-without-waiting */ this.ending.leaving });
      if (!this.lease.isValid) throw new TransientError('SBC_LEASE_EXPIRED', 'The lease of the SBC was lost');
    }
  }

  async read(wanted: Wanted): Promise<Configuration> {
    const reader = new ConfigurationReader(wanted);
    await this.device.readConfiguration(this.signal, (bytes) => { reader.push(bytes); });
    const configuration = reader.end();
    if (/* safeguard: print-whole */ !configuration.isWhole) throw new TransientError('SBC_PRINT_INCOMPLETE', 'SBC printed a configuration of which a section with rows is not whole');
    return configuration;
  }

  /** The first script of several is announced in the transaction that notes what they will owe. False: the lease is lost, and nothing is noted. */
  async begin(script: SiteScript, notes: readonly NewNote[]): Promise<boolean> {
    this.next = { script, answer: await this.announce(script, notes) };
    return this.next.answer !== 'lost';
  }

  /** Runs a script; false when its work was closed meanwhile, and nothing was sent. After an error nothing more may be sent before the device is read again. */
  async run(script: SiteScript): Promise<boolean> {
    const { deploymentId, isUndo, secrets, text } = script;
    const { responseTimeoutMs } = this.parts.settings;
    const isAnnounced = this.next?.script === script && this.lease.mayWriteFor(responseTimeoutMs);
    const answer = isAnnounced ? this.next?.answer : await this.announce(script);
    if (answer === 'closed') return false;
    if (answer === 'lost') throw new TransientError('SBC_LEASE_EXPIRED', 'The lease of the SBC was lost');
    reachFaultPoint('sbc-agent.before-script');
    this.isQuiet = false;
    this.hasSentScripts = true;
    try {
      await this.device.runScript(text, {
        signal: this.signal, timeoutMs: responseTimeoutMs, mayStart: () => this.lease.mayWriteFor(responseTimeoutMs), secrets,
        ...deploymentId !== undefined && { deploymentId },
      });
      this.isQuiet = true;
    } catch (error) {
      // Anything but a lost answer means that nothing of it runs any more.
      this.isQuiet = !(error instanceof OutcomeUnknownError);
      throw error;
    }
    reachFaultPoint('sbc-agent.after-script');
    if (isUndo) reachFaultPoint('sbc-agent.in-cleanup');
    return true;
  }

  /**
   * False when it has to be tried again later: also while a script may still be running, for the save could miss what that one does, and when the lease is
   * lost, for it could keep half of what the next holder writes.
   */
  async save(): Promise<boolean> {
    /* safeguard: save-while-script-runs */
    if (!this.endedQuietly || !this.lease.isValid) return false;
    try {
      // Somebody else may have it although this process lives: its session with the database may have ended.
      /* safeguard: lease-check-before-save */
      if (!this.lease.isRenewedWithin(provenForMs)) await this.parts.leases.renew([this.lease]);
      if (!this.lease.isValid) return false;
      reachFaultPoint('sbc-agent.before-save');
      await this.device.saveConfiguration(this.signal);
      reachFaultPoint('sbc-agent.after-save');
      this.isSaveOwed = false;
      return true;
    } catch (err) {
      this.parts.logger.warn({ err }, 'SBC configuration could not be saved, it is tried again');
      return false;
    }
  }

  /** How long something of an earlier epoch may still be running on the device. */
  private quietInMs(): number {
    if (this.isLastKnownOver) return 0;
    return Math.max(0, this.lease.grant.quietForMs - (this.parts.clock.monotonicMs() - this.startedAtMs));
  }

  private async announce({ customerGuid, isUndo, jobId }: SiteScript, notes?: readonly NewNote[]): Promise<Announced> {
    const writeForMs = this.parts.settings.responseTimeoutMs + writeMarginMs;
    const answer = await this.parts.commits.announce(this.lease, { customerGuid, isUndo, jobId, writeForMs }, notes);
    this.isSaveOwed ||= /* safeguard: closed-owes-no-save */ answer === 'announced';
    return answer;
  }
}
