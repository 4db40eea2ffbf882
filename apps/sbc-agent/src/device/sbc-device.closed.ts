import { noContact } from './device-contact.decide.js';
import { type DeviceStatus, SbcDevice, type ScriptOutcome } from './sbc-device.js';

/** A device that could not be opened: whatever is asked of it fails for that reason. */
export class ClosedSbcDevice extends SbcDevice {
  readonly contact = noContact;

  constructor(private readonly reason: Error) {
    super();
  }

  status(): Promise<DeviceStatus> { return Promise.reject(this.reason); }
  readConfiguration(): Promise<void> { return Promise.reject(this.reason); }
  runScript(): Promise<ScriptOutcome> { return Promise.reject(this.reason); }
  saveConfiguration(): Promise<void> { return Promise.reject(this.reason); }
  async close(): Promise<void> { /* nothing was opened */ }
}
