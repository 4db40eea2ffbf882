/** The documented onboarding script 7. */
export const onboarding7 = `# one IP group and the route to it
configure voip
 ip-group new
  name "{{IpGroupName}}"
  type server
{{#if ProxySet}}
  proxy-set-name "{{ProxySet}}"
{{/if}}
{{#if CacProfile}}
  cac-profile "{{CacProfile}}"
{{/if}}
  tags "Trunk={{MsTenantId}};Owner={{CustomerGuid}}"
  activate
 exit
 sbc routing ip2ip-routing new
  route-name "{{IpGroupName}}-in"
  src-ip-group-name "Teams-OC"
  dst-ip-group-name "{{IpGroupName}}"
  activate
 exit
exit
`;

/** The documented cleanup script 700. */
export const cleanup700 = `configure voip
 no sbc routing ip2ip-routing "{{IpGroupName}}-in"
 no ip-group "{{IpGroupName}}"
exit
`;

/** Values outside quotes, inside words and in a row within a row. */
export const unquotedTemplate = `configure voip
 proxy-set new
  proxy-name {{IpGroupName}}-pbx
  proxy-address 0
   proxy-address {{CarrierHostName}}:5061
   activate
  exit
  activate
 exit
 ip-group new
  name {{ IpGroupName }}
  tags Owner={{CustomerGuid}}
  proxy-set-name {{IpGroupName}}-pbx
  sip-group-name {{CarrierHostName}}
  activate
 exit
exit
`;

export const customerGuid = '5d0a9d2e-6a3c-4c0e-8a55-0d8c0a8b7a10';

/** Values with which the templates above render. */
export const sampleValues = {
  IpGroupName: 'Northwind7',
  MsTenantId: '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11',
  CustomerGuid: customerGuid,
  CarrierHostName: 'sip.example.net',
};
