import { setTimeout as delay } from 'node:timers/promises';

import { eventually, type Fault } from '@trunkline/testing';

import { strangersGuid } from '../runner/peers.js';
import type { Random } from '../runner/random.js';
import type { FaultCase } from './fault-case.js';

interface PeerFault {
  readonly name: string;
  readonly fault: Fault;
  /** Who meets it has been told a final no. */
  readonly isFinal?: boolean;
  /** Only one SBC, chosen anew each time. */
  readonly ofOneSbc?: boolean;
}

export const script = { method: 'PUT', pathContains: '/incremental' };
const save = { method: 'POST', pathContains: '/saveConfiguration' };
const read = { method: 'GET', pathContains: '/files/' };
const sbcCalls = { script, save, read, any: {} } as const;
/** In the order in which they are created. */
export const creations = ['lcCustomers', 'services', 'sites', 'links'] as const;
const longestMs = 5_000;
export const taken = JSON.stringify({ description: 'An entity of this name already exists' });
/** Of the rendered onboarding script; those of the cleanup are the first of them. */
export const scriptLines = 14;

const peerFaultTable: readonly PeerFault[] = [
  ...(['script', 'save', 'read', 'any'] as const).flatMap((call): readonly PeerFault[] => [
    { name: `sbc-${call}-refused`, fault: { peer: 'sbc', kind: 'refuse', match: sbcCalls[call], times: 3 }, ofOneSbc: true },
    { name: `sbc-${call}-stalls`, fault: { peer: 'sbc', kind: 'stall', match: sbcCalls[call], times: 1 }, ofOneSbc: true },
    { name: `sbc-${call}-answer-lost`, fault: { peer: 'sbc', kind: 'lost-answer', match: sbcCalls[call], times: 2 }, ofOneSbc: true },
    { name: `sbc-${call}-answer-cut`, fault: { peer: 'sbc', kind: 'cut', match: sbcCalls[call], times: 2 }, ofOneSbc: true },
    { name: `sbc-${call}-503`, fault: { peer: 'sbc', kind: 'status', match: sbcCalls[call], times: 3, params: { status: 503 } }, ofOneSbc: true },
    { name: `sbc-${call}-500`, fault: { peer: 'sbc', kind: 'status', match: sbcCalls[call], times: 2, params: { status: 500, applied: true } }, ofOneSbc: true },
    { name: `sbc-${call}-html`, fault: { peer: 'sbc', kind: 'html', match: sbcCalls[call], times: 1 }, ofOneSbc: true },
    { name: `sbc-${call}-closes-after`, fault: { peer: 'sbc', kind: 'close-after', match: sbcCalls[call], times: 4, params: { ms: 5 } }, ofOneSbc: true },
    { name: `sbc-${call}-lost-on-idle`, fault: { peer: 'sbc', kind: 'lost-on-idle', match: sbcCalls[call], times: 4 }, ofOneSbc: true },
    { name: `sbc-${call}-late`, fault: { peer: 'sbc', kind: 'latency', match: sbcCalls[call], times: 4, params: { ms: 1_500 } }, ofOneSbc: true },
  ]),
  { name: 'sbc-away', fault: { peer: 'sbc', kind: 'refuse' }, ofOneSbc: true },
  { name: 'sbc-busy', fault: { peer: 'sbc', kind: 'status', match: script, times: 3, params: { status: 409 } }, ofOneSbc: true },
  { name: 'sbc-script-401', fault: { peer: 'sbc', kind: 'status', match: script, times: 1, params: { status: 401 } }, isFinal: true, ofOneSbc: true },
  { name: 'sbc-script-403', fault: { peer: 'sbc', kind: 'status', match: script, times: 1, params: { status: 403 } }, isFinal: true, ofOneSbc: true },
  ...Array.from({ length: scriptLines }, (_unused, index) => index + 1).map((line): PeerFault => ({
    name: `sbc-script-fails-at-line-${line}`, fault: { peer: 'sbc', kind: 'fail-at-line', match: script, times: 1, params: { line } }, isFinal: true, ofOneSbc: true,
  })),
  { name: 'sbc-script-failure', fault: { peer: 'sbc', kind: 'script-failure', match: script, times: 1 }, isFinal: true, ofOneSbc: true },
  { name: 'sbc-script-failure-applied', fault: { peer: 'sbc', kind: 'script-failure', match: script, times: 1, params: { applied: true } }, isFinal: true, ofOneSbc: true },
  { name: 'sbc-script-no-status', fault: { peer: 'sbc', kind: 'no-status', match: script, times: 2 }, ofOneSbc: true },
  { name: 'sbc-cleanup-busy', fault: { peer: 'sbc', kind: 'status', match: script, times: 8, params: { status: 503 } }, ofOneSbc: true },
  { name: 'sbc-table-full', fault: { peer: 'sbc', kind: 'table-full', match: script, times: 1 }, isFinal: true, ofOneSbc: true },
  { name: 'sbc-forgets-rows', fault: { peer: 'sbc', kind: 'forget-rows', match: script, times: 2 }, ofOneSbc: true },
  { name: 'sbc-reboots-before-save', fault: { peer: 'sbc', kind: 'reboot-before-save', times: 1, params: { ms: 800 } }, ofOneSbc: true },
  ...creations.flatMap((resource): readonly PeerFault[] => {
    const match = { method: 'POST', pathContains: `/topology/${resource}` };
    return [
      { name: `ovoc-${resource}-500`, fault: { peer: 'ovoc', kind: 'status', match, times: 2, params: { status: 500 } } },
      { name: `ovoc-${resource}-500-applied`, fault: { peer: 'ovoc', kind: 'status', match, times: 2, params: { status: 500, applied: true } } },
      { name: `ovoc-${resource}-502-applied`, fault: { peer: 'ovoc', kind: 'status', match, times: 2, params: { status: 502, applied: true } } },
      { name: `ovoc-${resource}-answer-lost`, fault: { peer: 'ovoc', kind: 'lost-answer', match, times: 2 } },
      { name: `ovoc-${resource}-stalls`, fault: { peer: 'ovoc', kind: 'stall', match, times: 1 } },
      { name: `ovoc-${resource}-late`, fault: { peer: 'ovoc', kind: 'latency', match, times: 2, params: { ms: 1_500 } } },
      { name: `ovoc-${resource}-twice`, fault: { peer: 'ovoc', kind: 'duplicate', match, times: 1 } },
      ...[401, 403].map((status): PeerFault => ({ name: `ovoc-${resource}-${status}`, fault: { peer: 'ovoc', kind: 'status', match, times: 1, params: { status } }, isFinal: true })),
      // By somebody else, so that nothing of one's own is found; or by the very call, whose answer only looks like a no.
      { name: `ovoc-${resource}-name-taken`, fault: { peer: 'ovoc', kind: 'status', match, times: 1, params: { status: 409, body: taken } }, isFinal: true },
      { name: `ovoc-${resource}-taken-by-itself`, fault: { peer: 'ovoc', kind: 'status', match, times: 2, params: { status: 409, body: taken, applied: true } } },
      { name: `ovoc-${resource}-invisible`, fault: { peer: 'ovoc', kind: 'invisible', match, times: 2, params: { ms: 400 } } },
    ];
  }),
  { name: 'ovoc-away', fault: { peer: 'ovoc', kind: 'refuse' } },
  { name: 'ovoc-reads-503', fault: { peer: 'ovoc', kind: 'status', match: { method: 'GET' }, times: 5, params: { status: 503 } } },
  { name: 'ovoc-reads-html', fault: { peer: 'ovoc', kind: 'html', match: { method: 'GET' }, times: 3 } },
  { name: 'ovoc-removals-500', fault: { peer: 'ovoc', kind: 'status', match: { method: 'DELETE' }, times: 6, params: { status: 500 } } },
  { name: 'ovoc-removals-stall', fault: { peer: 'ovoc', kind: 'stall', match: { method: 'DELETE' }, times: 2 } },
  { name: 'ovoc-removals-answer-lost', fault: { peer: 'ovoc', kind: 'lost-answer', match: { method: 'DELETE' }, times: 3 } },
  { name: 'microsoft-429', fault: { peer: 'microsoft', kind: 'status', times: 3, params: { status: 429, retryAfter: 1 } } },
  { name: 'microsoft-500', fault: { peer: 'microsoft', kind: 'status', times: 3, params: { status: 500 } } },
  { name: 'microsoft-html', fault: { peer: 'microsoft', kind: 'html', times: 3 } },
  { name: 'microsoft-stalls', fault: { peer: 'microsoft', kind: 'stall', times: 1 } },
  { name: 'microsoft-answer-cut', fault: { peer: 'microsoft', kind: 'cut', times: 3 } },
  { name: 'microsoft-late', fault: { peer: 'microsoft', kind: 'latency', times: 4, params: { ms: 2_000 } } },
  { name: 'microsoft-wrong-issuer', fault: { peer: 'microsoft', kind: 'wrong-issuer', times: 3 } },
  { name: 'microsoft-away', fault: { peer: 'microsoft', kind: 'refuse' } },
];

/** What the simulated peers do wrong, each for a few calls or a few seconds. */
export const peerFaults: readonly FaultCase[] = [
  ...peerFaultTable.map(({ fault, isFinal = false, name, ofOneSbc = false }): FaultCase => ({
    name, family: fault.peer, lane: 'peers',
    run: async ({ record, nextOrder, peers }, random) => {
      // Where somebody comes next, so that it is met.
      const id = ofOneSbc ? nextOrder()?.body.siteLocation.sbcId ?? random.pick(peers.sbcIds) : undefined;
      if (id !== undefined) record.befalls(name, id);
      const faultId = await peers.addFault({ ...fault, ...(id === undefined ? {} : { id }) });
      if (isFinal) record.refusingFaults.push(faultId);
      const isClosedPort = fault.times === undefined;
      if (isClosedPort) await delay(random.between(500, longestMs));
      // Somebody has to meet it; that nobody does is no failure, and is told.
      else await eventually('calls that meet the fault', async () => (await peers.metBy(faultId)) >= (fault.times ?? 1), longestMs).catch(() => undefined);
      const met = await peers.metBy(faultId);
      await peers.removeFault(faultId);
      return `${faultId}${id === undefined ? '' : ` of SBC ${id}`}, ${isClosedPort ? 'port closed' : `met by ${met} calls`}`;
    },
  })),
  {
    name: 'sbc-reboots', family: 'sbc', lane: 'peers',
    run: async ({ record, peers }, random: Random) => {
      const [id, ms] = [random.pick(peers.sbcIds), random.between(0, 2_000)];
      record.befalls('sbc-reboots', id);
      await peers.reboot(id, ms);
      return `SBC ${id}, away for ${ms} ms`;
    },
  },
  {
    name: 'sbc-name-taken', family: 'foreign', lane: 'peers',
    run: async ({ record, nextOrder, peers }) => {
      // Who has no IP Group of his own is not in the way of one.
      const order = nextOrder(({ body: { ovocCustomerType } }) => ovocCustomerType === 'IPGROUP_TYPE');
      if (!order) return 'no such call came: nobody is created any more';
      const { body: { shortName, siteLocation: { sbcId } }, key } = order;
      // Whoever comes next finds his name on the device, with another owner.
      record.condemned.push(key);
      const row = await peers.plantRow(sbcId, 'ip-group', { name: shortName, type: 'server', tags: `Owner=${strangersGuid}` });
      record.foreign.push({ sbcId, table: 'ip-group', row });
      return `${shortName} on SBC ${sbcId}`;
    },
  },
];
