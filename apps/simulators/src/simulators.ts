import { ControlServer } from './control/control-server.js';
import { controlRoutes } from './control/routes.js';
import type { SbcStation } from './control/world.js';
import { FaultEngine } from './faults/fault-engine.js';
import { HeldCalls } from './calls/held-calls.js';
import { Directory } from './microsoft/directory.js';
import { MicrosoftPeer } from './microsoft/microsoft-peer.js';
import type { Application } from './microsoft/token-endpoint.js';
import { TokenSigner } from './microsoft/tokens.js';
import { OvocPeer, type OvocSettings } from './ovoc/ovoc-peer.js';
import { Topology } from './ovoc/topology.js';
import type { Account } from './peer/accounts.js';
import { CallLog } from './calls/call-log.js';
import { Chance } from './faults/chance.js';
import { PeerServer } from './peer/peer-server.js';
import { type DeviceSettings, Device } from './sbc/device.js';
import { Outage } from './sbc/outage.js';
import type { PrintProfile } from './sbc/print/print-style.js';
import { profileOf } from './sbc/profile.js';
import { type SbcAccount, SbcPeer } from './sbc/sbc-peer.js';

export interface SimulatorsOptions {
  /** Address to listen on; 127.0.0.1 when left out. */
  readonly host?: string;
  /** Host in the addresses given back, where it differs from the one listened on. */
  readonly publicHost?: string;
  /** Fixed ports; one that is left out or 0 is a free one. */
  readonly ports?: SimulatorPorts;
  readonly seed?: number;
  /** 3, 4 and 5 when left out. */
  readonly sbcIds?: readonly number[];
  readonly sbcAccounts?: readonly SbcAccount[];
  /** Settings of every SBC at the start: a script takes 20 ms, a restart 1 s. */
  readonly sbc?: Partial<DeviceSettings>;
  /** Capacities by table path of all SBCs but the small one, such as `{ 'ip-group': 5000 }`. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** How SBCs print their configuration, by id; those with an odd id print as A, the others as B. */
  readonly prints?: Readonly<Record<string, PrintProfile>>;
  /** What devices have printed, by the id of the SBC that has such a configuration. */
  readonly devicePrints?: Readonly<Record<string, string>>;
  /** Paths of tables the SBCs have besides the known ones. */
  readonly extraTables?: readonly string[];
  readonly ovocAccount?: Account;
  readonly ovoc?: Partial<OvocSettings>;
  readonly applications?: readonly Application[];
  /** Told of the simulators' own failures; standard error when left out. */
  readonly onError?: (error: unknown) => void;
}

export interface SimulatorPorts {
  readonly microsoft?: number;
  readonly ovoc?: number;
  readonly control?: number;
  readonly sbcs?: Readonly<Record<string, number>>;
}

/** Running simulators: the address of each peer, up to the host. */
export interface Simulators {
  readonly microsoft: string;
  readonly ovoc: string;
  /** By the SBC's id. */
  readonly sbcs: Readonly<Record<string, string>>;
  readonly control: string;
  /** Ends all connections and frees all ports. */
  close(): Promise<void>;
}

const usualSettings = {
  scriptTimeMs: 20, rebootTimeMs: 1000, isStrict: false, operationalState: 'UNLOCKED', outputLineEnd: '\r\n', echoesRead: false, beforeRead: '',
  afterRead: '', childrenByName: [],
};

const defaultSbcAccounts: readonly SbcAccount[] = [
  { user: 'secadmin', password: 'secadmin-pw', level: 'security-administrator' },
  { user: 'admin', password: 'admin-pw', level: 'administrator' },
  { user: 'monitor', password: 'monitor-pw', level: 'monitor' },
];

const defaultApplications: readonly Application[] = [
  {
    clientId: '6f1c9a52-2d0b-4b5e-8a55-0c5fd1f6a001', clientSecret: 'trunkline-secret',
    roles: { 'api://trunkline': ['customers.read', 'customers.write', 'customers.delete', 'inventory.admin'] },
  },
  { clientId: '6f1c9a52-2d0b-4b5e-8a55-0c5fd1f6a002', clientSecret: 'reader-secret', roles: { 'api://trunkline': ['customers.read'] } },
];

/**
 * Starts all peers and the control port; resolves when every one listens.
 * @throws Error when a fixed port is taken
 */
export async function startSimulators(options: SimulatorsOptions = {}): Promise<Simulators> {
  const { host = '127.0.0.1', seed = 1, ports = {}, sbcIds = [3, 4, 5], onError = reportOnStandardError } = options;
  const profiles = [...new Set(sbcIds)].map((id) => profileOf(id, options.sizes));
  const log = new CallLog();
  const faults = new FaultEngine(new Chance(seed, 'faults'));
  const held = new HeldCalls();
  const shared = { host, log, faults, held, onError };

  const directory = new Directory(seed);
  const microsoftPeer = new MicrosoftPeer(directory, options.applications ?? defaultApplications, new TokenSigner());
  const microsoft = new PeerServer(microsoftPeer, { ...shared, port: ports.microsoft ?? 0 });

  const topology = new Topology(seed, profiles.map(({ id, fqdn, address, productType }) => ({ id: 400 + id, name: `sbc${id}`, fqdn, address, productType })));
  const ovocSettings = { emptyList: 'varies' as const, visibilityDelayMs: 0, ...options.ovoc };
  const ovocPeer = new OvocPeer(topology, [options.ovocAccount ?? { user: 'ovoc', password: 'ovoc-pw' }], ovocSettings, new Chance(seed, 'ovoc lists'));
  const ovoc = new PeerServer(ovocPeer, { ...shared, port: ports.ovoc ?? 0 });

  const stations = profiles.map((profile) => {
    const print = options.prints?.[profile.id] ?? (profile.id % 2 === 1 ? 'A' : 'B');
    const devicePrint = options.devicePrints?.[profile.id];
    const device = new Device(profile, {
      settings: { ...usualSettings, hostName: `SBC-${profile.id}`, print, ...options.sbc }, extraTables: options.extraTables ?? [], ...devicePrint !== undefined && { devicePrint },
    });
    const outage = new Outage((isAway) => server.setAway(isAway));
    const peer = new SbcPeer(device, options.sbcAccounts ?? defaultSbcAccounts, (ms) => outage.begin(ms));
    const server = new PeerServer(peer, { ...shared, port: ports.sbcs?.[profile.id] ?? 0 });
    return { id: profile.id, server, station: { peer, goAway: (ms) => outage.begin(ms), comeBack: () => outage.end() } satisfies SbcStation };
  });

  const servers = [microsoft, ovoc, ...stations.map(({ server }) => server)];
  const control = new ControlServer(controlRoutes({
    log, faults, held, directory, ovoc: ovocPeer,
    sbcs: new Map(stations.map(({ id, station }) => [id, station])),
    settled: async () => {
      await Promise.all(servers.map((server) => server.settled()));
    },
  }), { host, port: ports.control ?? 0, onError });

  const close = async () => {
    for (const { station } of stations) station.comeBack();
    held.drop();
    await Promise.all([...servers, control].map((server) => server.stop()));
  };
  const started = await Promise.allSettled([...servers, control].map((server) => server.start()));
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    await close();
    throw failure.reason;
  }
  const publicHost = options.publicHost ?? (host === '0.0.0.0' ? '127.0.0.1' : host);
  const address = ({ port }: { readonly port: number }) => `http://${publicHost}:${port}`;
  return {
    microsoft: address(microsoft),
    ovoc: address(ovoc),
    sbcs: Object.fromEntries(stations.map(({ id, server }) => [String(id), address(server)])),
    control: address(control),
    close,
  };
}

function reportOnStandardError(error: unknown): void {
  process.stderr.write(`${JSON.stringify({ level: 'error', message: 'simulator failed', error: error instanceof Error ? error.stack : String(error) })}\n`);
}
