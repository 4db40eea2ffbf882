import { type Answer, described, json } from '../peer/answer.js';
import type { Device } from './device.js';

/** Fields of `GET /status`. */
export function statusOf({ profile, settings, bootedAt, version }: Device): Record<string, string | number> {
  return {
    localTimeStamp: new Date().toISOString(),
    ipAddress: profile.address,
    subnetMask: '255.255.255.0',
    defaultGateway: '192.0.2.254',
    productType: profile.productType,
    versionID: version,
    protocolType: 'SIP',
    operationalState: settings.operationalState,
    highAvailability: profile.isHaPair ? 'Operational' : 'Not Operational',
    serialNumber: String(1_000_000 + profile.id),
    macAddress: `00908f${(0x100000 + profile.id).toString(16)}`,
    systemUpTime: Math.floor((Date.now() - bootedAt) / 1000),
  };
}

const groupKpi = /^\/kpi\/(current|history)\/sbc\/callStats\/ipGroup\/(\d{1,6})(?:\/([A-Za-z]+))?$/;
const kpis = ['activeCallsIn', 'activeCallsOut', 'attemptedCallsTotal', 'establishedCallsTotal', 'failedCallsTotal'];

/** Alarms and statistics: a device without calls has none, but answers in the right form. */
export function answerMonitoring(method: string, path: string, query: URLSearchParams, device: Device): Answer {
  const kpi = groupKpi.exec(path);
  if (path !== '/alarms/active' && !path.startsWith('/kpi/')) return described(404, 'Not found');
  if (method !== 'GET') return described(405, 'Method not allowed', { allow: 'GET' });
  if (path === '/alarms/active') return answerAlarms(query, device);
  if (!kpi) return described(400, 'Invalid path');
  if (!device.running.table('ip-group')?.at(Number(kpi[2]))) return described(404, 'Not found');
  const [, range, , name] = kpi;
  if (name !== undefined && !kpis.includes(name)) return described(404, 'Not found');
  if (range === 'history') return { status: 204 };
  return json(200, name === undefined ? { items: kpis.map((id) => ({ id, value: 0 })) } : { id: name, value: 0 });
}

function answerAlarms(query: URLSearchParams, { isUnsaved }: Device): Answer {
  const after = Number(query.get('after') ?? -1);
  if (!isUnsaved || after >= 0) return { status: 204 };
  return json(200, {
    alarms: [{ id: '1', description: 'Configuration is not saved', url: '/api/v1/alarms/active/1' }],
    cursor: { after: '-1', before: '-1' },
  });
}
