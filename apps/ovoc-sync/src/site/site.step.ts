import { reachFaultPoint } from '@trunkline/runtime';
import { OutcomeUnknownError, PermanentError, type StepAttempt, TransientError, type Verdict } from '@trunkline/steps';
import type { KnownDevices } from '../ovoc/known-devices.js';
import type { Creation, Ovoc } from '../ovoc/ovoc.js';
import { type Chain, chainOf, decideSite, isEmpty, linkKeyOf, type Removal, removableOf, surplusOf } from './site.decide.js';
import type { OwnObjects, Seen, SiteJob } from './site-job.js';
import { readObjects, readSite, readUntried } from './site-reading.js';

export interface SiteSettings {
  /** The OVOC tenant of customers without a channel. */
  readonly ovocTenantId: number;
}

/** The step at one OVOC. */
export class SiteStep {
  constructor(private readonly ovoc: Ovoc, private readonly devices: KnownDevices, private readonly settings: SiteSettings) {}

  attempt(job: SiteJob): SiteAttempt {
    return new SiteAttempt(job, this.ovoc, this.devices, this.settings);
  }
}

/**
 * LC customer (unless given), service, site and link of one customer in OVOC. Each is looked for before it is created and carries
 * the customer's GUID; only such objects are adopted or removed.
 */
export class SiteAttempt implements StepAttempt<Seen> {
  readonly name = 'ovoc-site';
  /** An `apply` went through and has not been looked at yet. */
  private isApplied = false;
  private isCreated = false;

  constructor(private readonly job: SiteJob, private readonly ovoc: Ovoc, private readonly devices: KnownDevices, private readonly settings: SiteSettings) {}

  /** Whether OVOC has said that it created something, or has it already; it may show that late. */
  get hasCreated(): boolean {
    return this.isCreated;
  }

  decide(seen: Seen): Verdict {
    return decideSite(this.job, seen);
  }

  /**
   * @throws OutcomeUnknownError right after an `apply` that went through, when OVOC does not show all of it: it shows things late,
   * and cleaning up what is only half visible would leave the other half behind
   */
  async verify(signal: AbortSignal): Promise<Seen> {
    const { isApplied, job } = this;
    this.isApplied = false;
    const seen = await (job.isUntried && !isApplied ? readUntried : readSite)(this.ovoc, this.devices, job, signal);
    if (isApplied && /* safeguard: ovoc-late-visibility */ seen.ids === undefined) {
      throw new OutcomeUnknownError('OVOC_NOT_VISIBLE', `OVOC does not show all it has created for ${job.shortName}`);
    }
    return seen;
  }

  /** Creates what is missing from the top down, then takes twins away from the bottom up. */
  async apply(seen: Seen, signal: AbortSignal): Promise<void> {
    if (seen.ids === undefined) await this.complete(seen, signal);
    /* safeguard: ovoc-twins-removed */
    await this.remove(surplusOf(this.job, seen.own), signal);
    this.isApplied = true;
  }

  /** Ends when OVOC shows nothing of ours any more, but an LC customer that others have put services under. */
  async undo(signal: AbortSignal): Promise<void> {
    const before = await this.removable(signal);
    if (isEmpty(before)) return;
    // LC customers last and after a second look: only now is it known whether services of others stand under them.
    await this.remove({ ...before, lcCustomers: [] }, signal);
    reachFaultPoint('ovoc-sync.in-cleanup');
    await this.remove(await this.removable(signal), signal);
    if (!isEmpty(await this.removable(signal))) {
      throw new TransientError('OVOC_CLEANUP_INCOMPLETE', `OVOC still shows objects of customer ${this.job.customerGuid} after their removal`);
    }
  }

  private async removable(signal: AbortSignal): Promise<Removal> {
    return removableOf(await this.own(signal));
  }

  private async complete(seen: Seen, signal: AbortSignal): Promise<void> {
    const { job } = this;
    const { shortName: name, customerGuid: description, msTenantId } = job;
    const [device] = seen.prerequisites?.devices ?? [];
    if (device === undefined) throw new PermanentError('OVOC_DEVICE_NOT_FOUND', `SBC ${job.sbc.id} (${job.sbc.fqdn}) is not in OVOC`);
    const chain = chainOf(job, seen.own);
    reachFaultPoint('ovoc-sync.before-create');
    const tenantId = seen.prerequisites?.channel?.tenantId ?? this.settings.ovocTenantId;

    const lcCustomerId = chain.lcCustomerId ?? await this.established('lcCustomerId', signal, this.ovoc.createLcCustomer(
      { name, tenantId, ...(job.channelId === undefined ? {} : { channelId: job.channelId }), msTenantId, description }, signal,
    ));
    const serviceId = chain.serviceId ?? await this.established('serviceId', signal, this.ovoc.createService({
      name, fullName: job.fullName, serviceId: job.customerGuid, lcCustomerId, licenseType: 'ESSENTIALS', serviceSource: 'LTC',
      customerType: job.ovocCustomerType, msTenantId, description,
    }, signal));
    let deviceId = device.id;
    const onDevice = async (create: (deviceId: number) => Promise<Creation>): Promise<Creation> => {
      try {
        return await create(deviceId);
      } catch (refusal) {
        deviceId = await this.otherDevice(deviceId, refusal, signal);
        return create(deviceId);
      }
    };
    const siteId = chain.siteId ?? await this.established('siteId', signal, onDevice((id) => (
      this.ovoc.createSite({ name, serviceId, siteGuid: job.siteGuid, deviceId: id, description }, signal))));
    if (chain.linkId === undefined) {
      await this.established('linkId', signal, onDevice((id) => (
        this.ovoc.createLink({ name, siteId, deviceId: id, ...linkKeyOf(job), description }, signal))));
    }
  }

  /** What OVOC has refused may have been asked for a device that the SBC is no more; when it still is that one, the refusal stands. */
  private async otherDevice(deviceId: number, refusal: unknown, signal: AbortSignal): Promise<number> {
    const isRefusal = refusal instanceof PermanentError || (refusal instanceof TransientError && refusal.code === 'OVOC_PARENT_MISSING');
    if (!isRefusal) throw refusal;
    /* safeguard: ovoc-device-forgotten */
    this.devices.forget(this.job.sbc);
    const [device, ...others] = await this.devices.find(this.job.sbc, signal);
    if (device === undefined || device.id === deviceId || others.length > 0) throw refusal;
    return device.id;
  }

  /** The id of what was created, or of ours when OVOC says that it exists already. */
  private async established(id: keyof Chain, signal: AbortSignal, creation: Promise<Creation>): Promise<number> {
    const outcome = await creation;
    reachFaultPoint('ovoc-sync.after-create');
    if (outcome.kind === 'created') {
      this.isCreated = true;
      return outcome.id;
    }
    // The very call may have made it and been repeated on its way.
    /* safeguard: taken-name-may-be-own */
    this.isCreated = true;
    const adopted = chainOf(this.job, await this.own(signal))[id];
    if (adopted === undefined) throw new PermanentError('OVOC_REJECTED', `OVOC rejected: ${outcome.reason}`);
    return adopted;
  }

  private async own(signal: AbortSignal): Promise<OwnObjects> {
    return (await readObjects(this.ovoc, this.job, signal)).own;
  }

  /** Children before parents, one at a time: OVOC refuses to remove a parent that still has any. */
  private async remove(removal: Removal, signal: AbortSignal): Promise<void> {
    for (const id of removal.links) await this.ovoc.removeLink(id, signal);
    for (const id of removal.sites) await this.ovoc.removeSite(id, signal);
    for (const id of removal.services) await this.ovoc.removeService(id, signal);
    for (const id of removal.lcCustomers) await this.ovoc.removeLcCustomer(id, signal);
  }
}
