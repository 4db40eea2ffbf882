import type { Row } from './tables.js';

/** What distinguishes one simulated SBC from the next. */
export interface DeviceProfile {
  readonly id: number;
  readonly fqdn: string;
  readonly address: string;
  readonly productType: string;
  readonly isHaPair: boolean;
  /** Capacities by table path that differ from the usual ones. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** SBC 3 is a small appliance, 4 a pair, all others are ordinary; `sizes` are the capacities of all but the small one. */
export function profileOf(id: number, sizes: DeviceProfile['sizes'] = {}): DeviceProfile {
  const isSmall = id === 3;
  return {
    id,
    fqdn: `sbc${id}.example.net`,
    address: `192.0.2.${id % 250 + 1}`,
    productType: isSmall ? 'Mediant 800C' : 'Mediant VE SBC',
    isHaPair: id === 4,
    sizes: isSmall ? { 'ip-group': 80, 'proxy-set': 80, 'sbc routing ip2ip-routing': 500 } : sizes,
  };
}

type Seed = Readonly<Record<string, readonly Omit<Row, 'index'>[]>>;

const row = (values: Readonly<Record<string, string>>, children: Row['children'] = {}) => ({ values, children });
const address = (index: number, host: string, transport: string): Row => ({ index, values: { 'proxy-address': host, 'transport-type': transport }, children: {} });

/** What every device has before the first customer, by table. */
export const seedRows: Seed = {
  'srd': [row({ name: 'DefaultSRD' })],
  'realm': [row({ 'name': 'DefaultRealm', 'port-range-start': '6000', 'session-leg': '1000' })],
  'sip-interface': [row({ 'interface-name': 'Teams', 'srd-name': 'DefaultSRD', 'tls-port': '5061' }), row({ 'interface-name': 'Trunk', 'srd-name': 'DefaultSRD' })],
  'ip-profile': [row({ 'profile-name': 'Teams', 'sbc-media-security-behaviour': 'srtp' })],
  'sbc cac-profile': [row({ 'name': '10 sessions', 'max-concurrent-sessions': '10' }), row({ 'name': '50 sessions', 'max-concurrent-sessions': '50' })],
  'proxy-set': [
    row(
      { 'proxy-name': 'Teams-OC', 'srd-name': 'DefaultSRD', 'proxy-enable-keep-alive': 'using-options', 'proxy-load-balancing-method': 'random-weights' },
      { 'proxy-address': [address(0, 'teams-1.example.com:5061', 'tls'), address(1, 'teams-2.example.com:5061', 'tls'), address(2, 'teams-3.example.com:5061', 'tls')] },
    ),
    row({ 'proxy-name': 'SIPTrunk', 'srd-name': 'DefaultSRD' }, { 'proxy-address': [address(0, 'trunk.example.org:5060', 'udp')] }),
  ],
  'ip-group': [row({ 'name': 'Teams-OC', 'proxy-set-name': 'Teams-OC', 'ip-profile-name': 'Teams', 'srd-name': 'DefaultSRD' })],
  'sbc routing ip2ip-routing': [row({ 'route-name': 'Terminate OPTIONS', 'src-ip-group-name': 'Any', 'request-type': 'options', 'dst-type': 'internal' })],
};
