import type { DeploymentAction, DeploymentEventMessage } from '@trunkline/contracts';

/** One attempt of a client, as the client saw it. `status` is absent when the connection broke or nobody answered in time. */
export interface Attempt {
  readonly atMs: number;
  /** Which one was asked. */
  readonly gateway: string;
  readonly tookMs: number;
  readonly status?: number;
  readonly text?: string;
}

/** A request of a client, pursued until somebody gave a final answer or the client's patience ended. */
export interface ClientRequest {
  readonly kind: 'create' | 'delete';
  /** `Idempotency-Key` of a create, the customer's GUID of a delete. */
  readonly key: string;
  readonly deploymentId: string;
  readonly shortName: string;
  readonly sbcId: number;
  /** The onboarding script that a create asks for. */
  readonly script?: number;
  readonly attempts: readonly Attempt[];
  /** The same request once more after everything was healed: what is stored. */
  readonly replay?: Attempt;
  /** `GET` of its task at the same time. */
  readonly task?: Attempt;
}

/** What one caller asked of a deployment by an action of its task; pursued as a request is. */
export interface AskedAction {
  readonly deploymentId: string;
  readonly action: DeploymentAction;
  /** Tells the askers apart: no two give the same. */
  readonly reason: string;
  /** Who asked at the same time has the same. */
  readonly occasion: string;
  readonly attempts: readonly Attempt[];
}

/** What an operator took off by hand of somebody he had abandoned. */
export interface ManualCleanup {
  readonly deploymentId: string;
  readonly atMs: number;
  readonly found: readonly string[];
}

export interface DeploymentRow {
  readonly id: string;
  readonly kind: 'create' | 'delete';
  readonly customerGuid: string;
  readonly shortName: string;
  readonly state: string;
}

export interface CustomerRow {
  readonly guid: string;
  readonly shortName: string;
  readonly sbcId: number;
  readonly isClosed: boolean;
}

export type Row = Readonly<Record<string, unknown>>;
export type Tables = Readonly<Record<string, readonly Row[]>>;

export interface DeviceState {
  readonly sbcId: number;
  readonly running: Tables;
  readonly saved: Tables;
}

/** What the peers hold, told by themselves. */
export interface PeerState {
  readonly devices: readonly DeviceState[];
  /** OVOC's objects by resource. */
  readonly ovoc: Tables;
}

/** A call as a peer logged it; times in milliseconds since 1970. */
export interface LoggedCall {
  readonly seq: number;
  readonly peer: string;
  readonly id?: number;
  readonly method: string;
  readonly path: string;
  readonly arrivedAt: number;
  readonly appliedAt?: number;
  readonly answeredAt?: number;
  readonly goneAt?: number;
  readonly status?: number;
  readonly faults?: readonly string[];
  readonly scriptRows?: readonly { readonly action: 'set' | 'remove'; readonly table: string; readonly name: string }[];
}

/** An agent stood still while it held these SBCs. Times are milliseconds since 1970. */
export interface Pause {
  readonly instance: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly sbcIds: readonly number[];
  /** Those of them whose lease had not run out and that had work a moment after it began. */
  readonly owedSbcIds: readonly number[];
  /** SBCs that nobody was to visit then, because they had not answered or had refused. */
  readonly restingSbcIds: readonly number[];
  /** Load of the machine a core, at its end. */
  readonly load: number;
}

/** An agent was killed while it held these SBCs, and jobs waited there. */
export interface AgentDeath {
  readonly instance: string;
  readonly atMs: number;
  readonly sbcIds: readonly number[];
  readonly holder: string;
  readonly cause: string;
  /** Those of them that still had work a moment later. */
  readonly owedSbcIds: readonly number[];
  /** SBCs that nobody was to visit then, because they had not answered or had refused. */
  readonly restingSbcIds: readonly number[];
  /** Load of the machine a core. */
  readonly load: number;
}

/** A server was there again, and so long after it the gateway was ready and callers were served. */
export interface Recovery {
  readonly server: 'broker' | 'database';
  readonly fault: string;
  readonly backAtMs: number;
  readonly readyAfterMs: number;
  /** When a question that needs broker, provisioner and database was answered. */
  readonly answeredAfterMs: number;
  /** Load of the machine a core, when it was ready. */
  readonly load: number;
}

export interface Shutdown {
  readonly instance: string;
  readonly atMs: number;
  readonly tookMs: number;
}

/** A message that nobody can handle, put into a queue on purpose. */
export interface InjectedLetter {
  readonly messageId: string;
  readonly service: string;
  readonly what: string;
  /** The broker lost its data before anybody had written it down. */
  readonly mayBeMissing?: boolean;
}

/** A message that a service has refused; `state` is its own word, or `on the broker`. */
export interface DeadLetter {
  readonly messageId: string;
  readonly service: string;
  readonly state: string;
  readonly reason?: string;
  /** By its service's own count; absent on the broker. */
  readonly timesReturned?: number;
}

/** What one operator was told who returned a dead letter to its queue. */
export interface Returned {
  readonly messageId: string;
  readonly service: string;
  readonly attempts: readonly Attempt[];
}

/** When a fault was going on. Times are milliseconds since 1970. */
export interface FaultTime {
  readonly name: string;
  readonly family: string;
  readonly lane: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** The only SBC it befell. */
  readonly sbcId?: number;
}

/** Planted in the middle of the run, by name. */
export interface ForeignRow {
  readonly sbcId: number;
  readonly table: string;
  readonly row: Row;
}

/** All that is known of a run once it is quiet. */
export interface Facts {
  readonly requests: readonly ClientRequest[];
  readonly deployments: readonly DeploymentRow[];
  /** Every deployment's log, by deployment id. */
  readonly events: Readonly<Record<string, readonly DeploymentEventMessage[]>>;
  readonly customers: readonly CustomerRow[];
  /** Before the first request: all of it belongs to others. */
  readonly before: PeerState;
  readonly after: PeerState;
  readonly calls: readonly LoggedCall[];
  /** Rows that wait to be published, by service. */
  readonly outboxes: Readonly<Record<string, number>>;
  /** Jobs neither done nor dropped, by service. */
  readonly openJobs: Readonly<Record<string, number>>;
  /** Messages that wait, by queue; without dead letters. */
  readonly queues: Readonly<Record<string, number>>;
  /** Ids of simulator faults that a step may rightly take for a final no. */
  readonly refusingFaults: readonly string[];
  /** Requests that must fail, by key: something of somebody else was put in their way. */
  readonly condemned: readonly string[];
  /** Creates, by key, that somebody cancelled or deleted while they might still run: nobody knows how they should end, but that they do. */
  readonly hindered: readonly string[];
  readonly actions: readonly AskedAction[];
  readonly byHand: readonly ManualCleanup[];
  readonly deadLetters: readonly DeadLetter[];
  readonly injected: readonly InjectedLetter[];
  readonly returned: readonly Returned[];
  readonly faultTimes: readonly FaultTime[];
  /** Rows of somebody else that came during the run. */
  readonly foreign: readonly ForeignRow[];
  readonly pauses: readonly Pause[];
  readonly agentDeaths: readonly AgentDeath[];
  readonly recoveries: readonly Recovery[];
  readonly shutdowns: readonly Shutdown[];
  /** What the runner itself found strange on the way. */
  readonly noticed: readonly string[];
}
