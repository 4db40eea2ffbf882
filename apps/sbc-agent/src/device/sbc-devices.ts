import type { SbcDevice } from './sbc-device.js';

/** The SBCs this agent can reach. */
export abstract class SbcDevices {
  /** Handles of one SBC share its few connections. Rejects with `PermanentError` `SBC_NOT_CONFIGURED` for an unknown id. */
  abstract open(sbcId: number): Promise<SbcDevice>;
}
