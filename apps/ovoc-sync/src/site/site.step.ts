import { reachFaultPoint } from '@trunkline/runtime';
import { OutcomeUnknownError, PermanentError, type Step, TransientError } from '@trunkline/steps';
import type { KnownDevices } from '../ovoc/known-devices.js';
import type { Creation, Ovoc } from '../ovoc/ovoc.js';
import { type Chain, chainOf, decideSite, isEmpty, linkKeyOf, type Removal, removableOf, surplusOf } from './site.decide.js';
import type { OwnObjects, Seen, SiteJob } from './site-job.js';
import { readObjects, readSite, readUntried } from './site-reading.js';

export interface SiteSettings {
  /** The OVOC tenant of customers without a channel. */
  readonly ovocTenantId: number;
}

/**
 * LC customer (unless given), service, site and link of one customer in OVOC. Each is looked for before it is created and carries
 * the customer's GUID; only such objects are adopted or removed.
 */
export class SiteStep implements Step<SiteJob, Seen> {
  readonly name = 'ovoc-site';
  readonly decide = decideSite;

  /** What `verify` has just read for this very job object, taken once: saves `apply` the same reading. */
  private readonly readings = new WeakMap<SiteJob, Seen>();

  /** Jobs whose `apply` went through and has not been looked at yet. */
  private readonly applied = new WeakSet<SiteJob>();

  /** Jobs for which OVOC has said that it created something, or has it already. */
  private readonly created = new WeakSet<SiteJob>();

  constructor(private readonly ovoc: Ovoc, private readonly devices: KnownDevices, private readonly settings: SiteSettings) {}

  /** Whether something was created for this very job object, which OVOC may show late. */
  hasCreated(job: SiteJob): boolean {
    return this.created.has(job);
  }

  /**
   * @throws OutcomeUnknownError right after an `apply` that went through, when OVOC does not show all of it: it shows things late,
   * and cleaning up what is only half visible would leave the other half behind
   */
  async verify(job: SiteJob, signal: AbortSignal): Promise<Seen> {
    this.readings.delete(job);
    const isUntried = (job.isUntried ?? false) && !this.applied.has(job);
    const seen = await (isUntried ? readUntried : readSite)(this.ovoc, this.devices, job, signal);
    if (this.applied.delete(job) && /* safeguard: ovoc-late-visibility */ seen.ids === undefined) {
      throw new OutcomeUnknownError('OVOC_NOT_VISIBLE', `OVOC does not show all it has created for ${job.shortName}`);
    }
    this.readings.set(job, seen);
    return seen;
  }

  /** Creates what is missing from the top down, then takes twins away from the bottom up. */
  async apply(job: SiteJob, signal: AbortSignal): Promise<void> {
    const seen = this.readings.get(job) ?? await readSite(this.ovoc, this.devices, job, signal);
    this.forget(job);
    if (seen.ids === undefined) await this.complete(job, seen, signal);
    /* safeguard: ovoc-twins-removed */
    await this.remove(surplusOf(job, seen.own), signal);
    this.applied.add(job);
  }

  /** Ends when OVOC shows nothing of ours any more, but an LC customer that others have put services under. */
  async undo(job: SiteJob, signal: AbortSignal): Promise<void> {
    this.forget(job);
    const before = await this.removable(job, signal);
    if (isEmpty(before)) return;
    // LC customers last and after a second look: only now is it known whether services of others stand under them.
    await this.remove({ ...before, lcCustomers: [] }, signal);
    reachFaultPoint('ovoc-sync.in-cleanup');
    await this.remove(await this.removable(job, signal), signal);
    if (!isEmpty(await this.removable(job, signal))) {
      throw new TransientError('OVOC_CLEANUP_INCOMPLETE', `OVOC still shows objects of customer ${job.customerGuid} after their removal`);
    }
  }

  private forget(job: SiteJob): void {
    this.readings.delete(job);
    this.applied.delete(job);
  }

  private async removable(job: SiteJob, signal: AbortSignal): Promise<Removal> {
    return removableOf((await readObjects(this.ovoc, job, signal)).own);
  }

  private async complete(job: SiteJob, seen: Seen, signal: AbortSignal): Promise<void> {
    const { shortName: name, customerGuid: description, msTenantId } = job;
    const [device] = seen.prerequisites?.devices ?? [];
    if (device === undefined) throw new PermanentError('OVOC_DEVICE_NOT_FOUND', `SBC ${job.sbc.id} (${job.sbc.fqdn}) is not in OVOC`);
    const chain = chainOf(job, seen.own);
    reachFaultPoint('ovoc-sync.before-create');
    const tenantId = seen.prerequisites?.channel?.tenantId ?? this.settings.ovocTenantId;

    const lcCustomerId = chain.lcCustomerId ?? await this.established(job, 'lcCustomerId', signal, this.ovoc.createLcCustomer(
      { name, tenantId, ...(job.channelId === undefined ? {} : { channelId: job.channelId }), msTenantId, description }, signal,
    ));
    const serviceId = chain.serviceId ?? await this.established(job, 'serviceId', signal, this.ovoc.createService({
      name, fullName: job.fullName, serviceId: job.customerGuid, lcCustomerId, licenseType: 'ESSENTIALS', serviceSource: 'LTC',
      customerType: job.ovocCustomerType, msTenantId, description,
    }, signal));
    let deviceId = device.id;
    const onDevice = async (create: (deviceId: number) => Promise<Creation>): Promise<Creation> => {
      try {
        return await create(deviceId);
      } catch (refusal) {
        deviceId = await this.otherDevice(job, deviceId, refusal, signal);
        return create(deviceId);
      }
    };
    const siteId = chain.siteId ?? await this.established(job, 'siteId', signal, onDevice((id) => (
      this.ovoc.createSite({ name, serviceId, siteGuid: job.siteGuid, deviceId: id, description }, signal))));
    if (chain.linkId === undefined) {
      await this.established(job, 'linkId', signal, onDevice((id) => (
        this.ovoc.createLink({ name, siteId, deviceId: id, ...linkKeyOf(job), description }, signal))));
    }
  }

  /** What OVOC has refused may have been asked for a device that the SBC is no more; when it still is that one, the refusal stands. */
  private async otherDevice(job: SiteJob, deviceId: number, refusal: unknown, signal: AbortSignal): Promise<number> {
    const isRefusal = refusal instanceof PermanentError || (refusal instanceof TransientError && refusal.code === 'OVOC_PARENT_MISSING');
    if (!isRefusal) throw refusal;
    /* safeguard: ovoc-device-forgotten */
    this.devices.forget(job.sbc);
    const [device, ...others] = await this.devices.find(job.sbc, signal);
    if (device === undefined || device.id === deviceId || others.length > 0) throw refusal;
    return device.id;
  }

  /** The id of what was created, or of ours when OVOC says that it exists already. */
  private async established(job: SiteJob, id: keyof Chain, signal: AbortSignal, creation: Promise<Creation>): Promise<number> {
    const outcome = await creation;
    reachFaultPoint('ovoc-sync.after-create');
    if (outcome.kind === 'created') {
      this.created.add(job);
      return outcome.id;
    }
    // The very call may have made it and been repeated on its way.
    /* safeguard: taken-name-may-be-own */
    this.created.add(job);
    const adopted = chainOf(job, await this.own(job, signal))[id];
    if (adopted === undefined) throw new PermanentError('OVOC_REJECTED', `OVOC rejected: ${outcome.reason}`);
    return adopted;
  }

  private async own(job: SiteJob, signal: AbortSignal): Promise<OwnObjects> {
    return (await readObjects(this.ovoc, job, signal)).own;
  }

  /** Children before parents, one at a time: OVOC refuses to remove a parent that still has any. */
  private async remove(removal: Removal, signal: AbortSignal): Promise<void> {
    for (const id of removal.links) await this.ovoc.removeLink(id, signal);
    for (const id of removal.sites) await this.ovoc.removeSite(id, signal);
    for (const id of removal.services) await this.ovoc.removeService(id, signal);
    for (const id of removal.lcCustomers) await this.ovoc.removeLcCustomer(id, signal);
  }
}
