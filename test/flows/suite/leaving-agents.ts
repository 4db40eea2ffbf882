import { ApplicationUnderTest, eventually, type Instance, type PeerCall, ServiceProcess, Simulators } from '@trunkline/testing';
import { expect } from 'vitest';

export interface LeavingOptions {
  readonly devices: number;
  readonly customersADevice: number;
  readonly agents: number;
  readonly scriptMs: number;
  /** Between two agents that are asked to end; all but one are. */
  readonly everyMs: number;
  readonly drainMs: number;
  readonly withinMs: number;
}

export interface Seen {
  /** Scripts whose caller was gone before they had ended. */
  readonly cut: number;
  /** Longest time, in ms, in which a device with customers left ran no script. */
  readonly longestIdleMs: number;
  /** How many devices the agents that ended were waited for, as their logs name them. */
  readonly waitedFor: number;
}

const scriptCall = { peer: 'sbc', method: 'PUT', path: '/incremental' } as const;

/** Agents leave one after the other while every device has work. All customers are deployed, each by one script and once on its device. */
export async function leaveUnderLoad({ agents: agentCount, customersADevice, devices, drainMs, everyMs, scriptMs, withinMs }: LeavingOptions): Promise<Seen> {
  const sbcIds = Array.from({ length: devices }, (_unused, index) => index + 3);
  const simulators = await Simulators.start({ SIM_SBC_IDS: sbcIds.join(','), SIM_SCRIPT_TIME_MS: String(scriptMs) });
  const application = await ApplicationUnderTest.start({
    mode: 'one process per service on RabbitMQ', simulators,
    settings: { LOG_LEVEL: 'info', DRAIN_MS: String(drainMs), SBC_RESPONSE_TIMEOUT_MS: String(2 * scriptMs + 2_000), STEP_DEADLINE_MS: '3600000', REDRIVE_AFTER_MS: '60000' },
  });
  try {
    const more: Instance[] = [];
    for (let count = 1; count < agentCount; count += 1) more.push(await application.startAnother('sbc-agent'));
    const leaving: ServiceProcess[] = [application.processOf('sbc-agent'), ...more.slice(1).map(({ process }) => process)];
    const names = sbcIds.flatMap((sbcId) => Array.from({ length: customersADevice }, (_unused, index) => ({ sbcId, shortName: `Leave${sbcId}x${index}` })));
    for (const { sbcId, shortName } of names) await create(application, sbcId, shortName);
    await eventually('every device to run a script', async () => new Set((await simulators.calls(scriptCall)).map(({ id }) => id)).size === devices, withinMs);
    const ends = [];
    for (const process of leaving) {
      process.signal('SIGTERM');
      ends.push(process.ended);
      await new Promise((resolve) => { setTimeout(resolve, everyMs); });
    }
    for (const exit of await Promise.all(ends)) expect(exit).toEqual({ code: 0, signal: null });
    await eventually('all customers to be deployed', async () => (
      (await application.rows<{ n: number }>(`SELECT count(*)::int AS n FROM provisioner.deployment WHERE state = 'Deployed'`))[0]?.n === names.length), withinMs);

    const scripts = await simulators.calls(scriptCall);
    for (const { shortName } of names) expect(scripts.filter((call) => call.scriptRows?.some(({ name }) => name === shortName)), shortName).toHaveLength(1);
    for (const sbcId of sbcIds) {
      const groups = (await simulators.savedRows(sbcId, 'ip-group')).map(({ name }) => name).filter((name) => String(name).startsWith('Leave'));
      expect(groups.toSorted()).toEqual(names.filter((each) => each.sbcId === sbcId).map(({ shortName }) => shortName).toSorted());
    }
    // The next agent goes on when it sees that what was cut off has done all it does: the device may still be ending it.
    const cut = scripts.filter(({ goneAt }) => goneAt !== undefined);
    const isBesideCut = ({ arrivedAt, id }: PeerCall) => cut.some((script) => script.id === id && (script.appliedAt ?? Infinity) > arrivedAt);
    expect((await simulators.calls({ peer: 'sbc' })).filter((call) => call.overlap === true && !isBesideCut(call))).toEqual([]);
    const waitedFor = new Set(leaving.flatMap(({ lines }) => lines.flatMap((line) => /"sbcId":(\d+),"busyMs":\d+,"msg":"stopping: waiting for the SBC"/.exec(line)?.[1] ?? [])));
    return { cut: cut.length, longestIdleMs: longestIdleOf(scripts, sbcIds), waitedFor: waitedFor.size };
  } finally {
    await application.stop();
    await simulators.stop();
  }
}

function longestIdleOf(scripts: readonly PeerCall[], sbcIds: readonly number[]): number {
  return Math.max(...sbcIds.flatMap((sbcId) => {
    const own = scripts.filter(({ id }) => id === sbcId);
    return own.slice(1).map(({ arrivedAt }, index) => arrivedAt - (own[index]?.answeredAt ?? own[index]?.appliedAt ?? arrivedAt));
  }));
}

async function create(application: ApplicationUnderTest, sbcId: number, shortName: string): Promise<void> {
  const body = {
    shortName, fullName: 'Leaving Ltd', siteLocation: { sbcId, sbcOnboardingScript: 7, sbcCleanupScript: 700 }, ovocCustomerType: 'IPGROUP_TYPE',
    msTenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de',
  };
  const { status, text } = await application.http.post('/api/v2/customer', body, { Prefer: 'respond-async' });
  expect(status, text).toBe(202);
}
