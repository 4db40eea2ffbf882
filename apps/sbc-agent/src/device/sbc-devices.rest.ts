import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { SbcAccess } from '@trunkline/inventory';
import { PermanentError } from '@trunkline/steps';
import { buildConnector } from 'undici';
import { defaultFailureMarkers } from './device-answer.decide.js';
import { DeviceLine } from './device-line.js';
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
  /** 4 s when left out: the longer a connection is idle, the likelier the device has closed it. */
  readonly longestIdleMs?: number;
}

interface Shared {
  readonly ready: Promise<DeviceConnection>;
  /** When the certificate file was changed last that it trusts. */
  readonly changedAtMs: number | undefined;
  handles: number;
  /** Ends it when no handle is opened meanwhile. */
  ending?: NodeJS.Timeout;
}

/** The SBCs of the inventory; at most two connections to each, whatever the number of handles. An idle one is kept some seconds for the next handle. */
export class SbcDevicesRest extends SbcDevices {
  private readonly shared = new Map<number, Shared>();

  private readonly longestIdleMs: number;

  constructor(private readonly options: SbcDevicesOptions) {
    super();
    this.longestIdleMs = options.longestIdleMs ?? 4_000;
  }

  override async open(sbcId: number): Promise<SbcDevice> {
    const changedAtMs = await this.certificateChangedAtMs(sbcId);
    const known = this.shared.get(sbcId);
    if (known && known.handles === 0 && /* safeguard: renewed-certificate */ known.changedAtMs !== changedAtMs) this.end(sbcId, known);
    const shared = this.shared.get(sbcId) ?? { ready: this.connect(sbcId), changedAtMs, handles: 0 };
    this.shared.set(sbcId, shared);
    shared.handles += 1;
    clearTimeout(shared.ending);
    try {
      const connection = await shared.ready;
      let isOpen = true;
      return new SbcDeviceRest(connection, () => {
        if (isOpen) this.letGo(sbcId, shared);
        isOpen = false;
      });
    } catch (error) {
      // A file that could not be read today may be there tomorrow: nothing is kept.
      if (this.shared.get(sbcId) === shared) this.shared.delete(sbcId);
      throw error;
    }
  }

  private letGo(sbcId: number, shared: Shared): void {
    shared.handles -= 1;
    if (shared.handles === 0) shared.ending = setTimeout(() => { this.end(sbcId, shared); }, this.longestIdleMs).unref();
  }

  private end(sbcId: number, { ending, ready }: Shared): void {
    clearTimeout(ending);
    this.shared.delete(sbcId);
    void ready.then(({ kept, perCall }) => Promise.all([kept.close(), perCall.close()]), () => undefined);
  }

  /** Undefined where there is none; reading it says why. */
  private async certificateChangedAtMs(sbcId: number): Promise<number | undefined> {
    const file = this.options.access.get(sbcId)?.caFile;
    return file === undefined ? undefined : (await stat(file).catch(() => undefined))?.mtimeMs;
  }

  private async connect(sbcId: number): Promise<DeviceConnection> {
    const { access: all, version, responseTimeoutMs = 120_000, connectTimeoutMs = 5_000, maxConfigurationBytes = 32 * 1024 * 1024 } = this.options;
    const access = all.get(sbcId);
    if (!access) throw new PermanentError('SBC_NOT_CONFIGURED', `SBC ${sbcId} is not in this agent's inventory`);
    const ca = access.caFile === undefined ? undefined : await readCertificate(sbcId, access.caFile);
    const url = new URL(access.baseUrl);
    // One for all connections: else each would parse the certificates again.
    const secureContext = url.protocol === 'https:' ? createSecureContext({ ca }) : undefined;
    const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false, rejectUnauthorized: !access.insecure, ...secureContext && { secureContext } });
    const authorization = `Basic ${Buffer.from(`${access.user}:${access.password}`).toString('base64')}`;
    return {
      kept: new DeviceLine(url.origin, connect, this.longestIdleMs), perCall: new DeviceLine(url.origin, connect, 'per-call'),
      authorization, pathPrefix: url.pathname.replace(/\/+$/, ''), product: `trunkline/${version}`,
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
