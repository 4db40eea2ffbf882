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

const row = (values: Row['values'], children: Readonly<Record<string, readonly Row['values'][]>> = {}) => ({
  values,
  children: Object.fromEntries(Object.entries(children).map(([path, rows]) => [path, rows.map((own, index): Row => ({ index, values: own, children: {} }))])),
});
const address = (host: string, transport: string) => ({ 'proxy-address': host, 'transport-type': transport });
const rule = (name: string, prefix: string, tag: string) => ({ name, prefix, tag });

/** What every device has before the first customer, by table. */
export const seedRows: ReadonlyMap<string, readonly Row[]> = new Map(Object.entries<readonly Omit<Row, 'index'>[]>({
  'interface network-if': [row({ 'name': 'O+M+C', 'ip-address': '192.0.2.10', 'prefix-length': '24', 'gateway': '192.0.2.254', 'underlying-dev': 'vlan 1' })],
  'srd': [row({ name: 'DefaultSRD' })],
  'realm': [row({ 'name': 'DefaultRealm', 'ipv4if': 'O+M+C', 'port-range-start': '6000', 'session-leg': '1000' })],
  'sip-interface': [
    row({ 'interface-name': 'Teams', 'network-interface': 'O+M+C', 'udp-port': '0', 'tcp-port': '0', 'tls-context-name': 'Teams', 'media-realm-name': 'DefaultRealm' }),
    row({ 'interface-name': 'Trunk', 'network-interface': 'O+M+C', 'tcp-port': '0', 'tls-port': '0', 'media-realm-name': 'DefaultRealm' }),
  ],
  'sbc routing sbc-routing-policy': [row({ name: 'Default_SBCRoutingPolicy' })],
  'coders-and-profiles audio-coders-groups': [row({ 'coders-group-name': 'AudioCodersGroups_0' }, { 'audio-coders': [{ name: 'g711-alaw' }, { name: 'g729', rate: '8' }] })],
  'coders-and-profiles ip-profile': [row({ 'profile-name': 'Teams', 'sbc-media-security-behaviour': 'secured', 'sbc-rmt-refer-behavior': 'handle-locally' })],
  'sbc cac-profile': [row({ name: '10 sessions' }, { 'cac-rule': [{ limit: '10' }] }), row({ name: '50 sessions' }, { 'cac-rule': [{ limit: '50' }] })],
  'sbc dial-plan': [row({ name: 'Tenants' }, {
    'dial-plan-rule': [rule('Fabrikam', '+4930555[100-199]', 'fabrikam.sbc.example.net'), rule('Tailspin', '+4989777', 'tailspin.sbc.example.net')],
  })],
  'proxy-set': [
    row(
      { 'proxy-name': 'Teams-OC', 'proxy-enable-keep-alive': 'using-options', 'proxy-load-balancing-method': 'random-weights', 'sbcipv4-sip-int-name': 'Teams' },
      { 'proxy-ip': [address('teams-1.example.com:5061', 'tls'), address('teams-2.example.com:5061', 'tls'), address('teams-3.example.com:5061', 'tls')] },
    ),
    row({ 'proxy-name': 'SIPTrunk', 'sbcipv4-sip-int-name': 'Trunk' }, { 'proxy-ip': [address('trunk.example.org:5060', 'udp')] }),
  ],
  'ip-group': [row({ 'name': 'Teams-OC', 'proxy-set-name': 'Teams-OC', 'ip-profile-name': 'Teams', 'media-realm-name': 'DefaultRealm' })],
  'sbc routing ip2ip-routing': [row({ 'route-name': 'Terminate OPTIONS', 'request-type': 'options', 'dst-type': 'internal', 'internal-action': 'reply(response=\'200\')' })],
}).map(([path, rows]) => [path, rows.map((own, index) => ({ index, ...own }))]));
