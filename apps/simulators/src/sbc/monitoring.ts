import { type Answer, json } from '../peer/answer.js';
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

/** `GET /alarms/active`. */
export function alarmsOf({ isUnsaved }: Device, query: URLSearchParams): Answer {
  const after = Number(query.get('after') ?? -1);
  if (!isUnsaved || after >= 0) return { status: 204 };
  return json(200, {
    alarms: [{ id: '1', description: 'Configuration is not saved', url: '/api/v1/alarms/active/1' }],
    cursor: { after: '-1', before: '-1' },
  });
}
