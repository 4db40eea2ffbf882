/** What an SBC prints that has these customers, each with the IP Group and the route of the shipped script; some 310 bytes a customer. */
export function devicePrint(customers: number): string {
  const all = Array.from({ length: customers }, (_unused, index) => index);
  const lines = [
    '# Running Configuration Mediant VE SBC', '', '## SIGNALING & MEDIA', '', '  configure voip',
    ...row('srd 0', 'name "DefaultSRD"'),
    ...row('realm 0', 'name "DefaultRealm"'),
    ...row('ip-group 0', 'name "Teams-OC"', 'media-realm-name "DefaultRealm"'),
    ...all.flatMap((index) => row(`ip-group ${index + 1}`, `name "${nameOf(index)}"`, `tags "Trunk=fcc608c4-095b-4d1a-90e3-2106fc7024de;Own=${markOf(index)}"`)),
    ...all.flatMap((index) => (
      row(`sbc routing ip2ip-routing ${index}`, `route-name "${nameOf(index)}-in"`, 'src-ip-group-name "Teams-OC"', `dst-ip-group-name "${nameOf(index)}"`))),
    '  exit', '',
  ];
  return lines.join('\r\n');
}

/** All names of these customers' rows, as a sweep looks for them. */
export function namesOnDevice(customers: number): string[] {
  return Array.from({ length: customers }, (_unused, index) => [nameOf(index), `${nameOf(index)}-in`]).flat();
}

function row(opening: string, ...parameters: readonly string[]): string[] {
  return [`   ${opening}`, ...parameters.map((line) => `    ${line}`), '    activate', '   exit'];
}

function nameOf(customer: number): string {
  return `Customer${String(customer).padStart(5, '0')}`;
}

function markOf(customer: number): string {
  return Buffer.from(`trunkline ${String(customer).padStart(6, '0')}`).toString('base64url');
}
