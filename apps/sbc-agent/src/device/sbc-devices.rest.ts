import { readFile } from 'node:fs/promises';
import type { SbcAccess } from '@trunkline/inventory';
import { PermanentError } from '@trunkline/steps';
import { Pool } from 'undici';
import { defaultFailureMarkers } from './device-answer.decide.js';
import type { SbcDevice } from './sbc-device.js';
import { SbcDeviceRest } from './sbc-device.rest.js';
import type { DeviceConnection } from './sbc-device.rest.js';
import { SbcDevices } from './sbc-devices.js';

export interface SbcDevicesOptions {
  /** By the id of the SBC. */
  readonly access: ReadonlyMap<number, SbcAccess>;
  readonly version: string;
  /** 120 s when left out. */
  readonly responseTimeoutMs?: number;
  /** 5 s when left out. */
  readonly connectTimeoutMs?: number;
  /** 32 MiB when left out: a large device prints several. */
  readonly maxConfigurationBytes?: number;
  readonly failureMarkers?: readonly string[];
}

interface Shared {
  readonly ready: Promise<DeviceConnection>;
  handles: number;
}

/** The SBCs of the inventory; at most two connections to each, whatever the number of handles. */
export class SbcDevicesRest extends SbcDevices {
  private readonly shared = new Map<number, Shared>();

  constructor(private readonly options: SbcDevicesOptions) {
    super();
  }

  override async open(sbcId: number): Promise<SbcDevice> {
    const shared = this.shared.get(sbcId) ?? { ready: this.connect(sbcId), handles: 0 };
    this.shared.set(sbcId, shared);
    shared.handles += 1;
    try {
      const connection = await shared.ready;
      let isOpen = true;
      return new SbcDeviceRest(connection, async () => {
        if (!isOpen) return;
        isOpen = false;
        if (this.letGo(sbcId, shared)) await connection.pool.close();
      });
    } catch (error) {
      // A file that could not be read today may be there tomorrow: nothing is kept.
      this.letGo(sbcId, shared);
      throw error;
    }
  }

  /** True when this was the last handle. */
  private letGo(sbcId: number, shared: Shared): boolean {
    shared.handles -= 1;
    if (shared.handles > 0) return false;
    if (this.shared.get(sbcId) === shared) this.shared.delete(sbcId);
    return true;
  }

  private async connect(sbcId: number): Promise<DeviceConnection> {
    const { access: all, version, responseTimeoutMs = 120_000, connectTimeoutMs = 5_000, maxConfigurationBytes = 32 * 1024 * 1024 } = this.options;
    const access = all.get(sbcId);
    if (!access) throw new PermanentError('SBC_NOT_CONFIGURED', `SBC ${sbcId} is not in this agent's inventory`);
    const ca = access.caFile === undefined ? undefined : await readCertificate(sbcId, access.caFile);
    const url = new URL(access.baseUrl);
    const pool = new Pool(url.origin, {
      connections: 2, pipelining: 1, allowH2: false,
      connect: { timeout: connectTimeoutMs, rejectUnauthorized: !access.insecure, ...ca !== undefined && { ca } },
    });
    const authorization = `Basic ${Buffer.from(`${access.user}:${access.password}`).toString('base64')}`;
    return {
      pool, authorization, pathPrefix: url.pathname.replace(/\/+$/, ''), product: `trunkline/${version}`,
      responseTimeoutMs, maxConfigurationBytes, failureMarkers: this.options.failureMarkers ?? defaultFailureMarkers,
    };
  }
}

async function readCertificate(sbcId: number, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new PermanentError('SBC_CA_FILE_UNREADABLE', `The certificate file of SBC ${sbcId} can't be read`, { cause });
  }
}
