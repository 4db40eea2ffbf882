import type { Clock } from '@trunkline/runtime';

import type { OvocDevice } from './ovoc-objects.js';
import type { Ovoc, SoughtDevice } from './ovoc.js';

const rememberedMs = 600_000;

/** Which device of OVOC an SBC is by its id there, remembered for ten minutes; all else is asked each time. */
export class KnownDevices {
  private readonly known = new Map<string, { readonly device: OvocDevice; readonly untilMs: number }>();

  constructor(private readonly ovoc: Ovoc, private readonly clock: Clock) {}

  async find(sought: SoughtDevice, signal: AbortSignal): Promise<readonly OvocDevice[]> {
    const key = keyOf(sought);
    const known = this.known.get(key);
    if (known && this.clock.monotonicMs() < known.untilMs) return [known.device];
    const found = await this.ovoc.findDevices(sought, signal);
    const [device, ...others] = found;
    const isCertain = device?.id === sought.ovocSbcId && others.length === 0;
    if (device && /* safeguard: ovoc-device-by-id */ isCertain) this.known.set(key, { device, untilMs: this.clock.monotonicMs() + rememberedMs });
    else this.known.delete(key);
    return found;
  }

  forget(sought: SoughtDevice): void {
    this.known.delete(keyOf(sought));
  }
}

const keyOf = ({ address, fqdn, ovocSbcId }: SoughtDevice): string => JSON.stringify([ovocSbcId, fqdn, address]);
