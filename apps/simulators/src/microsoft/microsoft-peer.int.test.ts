import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { basic, call, ControlClient, type Reply } from '../clients.testing.js';
import { startSimulators, type Simulators } from '../simulators.js';
import { consumerTenantId, governmentTenantId } from './directory.js';

const known = 'fcc608c4-095b-4d1a-90e3-2106fc7024de';
const unknown = '11111111-2222-4333-8444-555555555555';
const clientId = '6f1c9a52-2d0b-4b5e-8a55-0c5fd1f6a001';
const good = { grant_type: 'client_credentials', client_id: clientId, client_secret: 'trunkline-secret', scope: 'api://trunkline/.default' };

describe('Microsoft simulator', () => {
  let simulators: Simulators;
  let control: ControlClient;

  beforeAll(async () => {
    simulators = await startSimulators({ sbcIds: [5] });
    control = new ControlClient(simulators.control);
  });
  beforeEach(() => control.post('/reset'));
  afterAll(() => simulators.close());

  const metadata = (tenant: string, version = '') => call(`${simulators.microsoft}/${tenant}/${version}.well-known/openid-configuration`);
  const token = (form: Record<string, string>, tenant = known, path = 'oauth2/v2.0/token', headers = {}) =>
    call(`${simulators.microsoft}/${tenant}/${path}`, 'POST', {
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams(form).toString(),
    });
  const refusedAs = ({ status, body }: Reply) => [status, body?.['error'], /^AADSTS\d+/.exec(String(body?.['error_description']))?.[0]];

  it.each([
    ['', `https://sts.windows.net/${known}/`],
    ['v2.0/', `https://login.microsoftonline.com/${known}/v2.0`],
  ])('answers the metadata of a known tenant under /%s', async (version, issuer) => {
    const { status, body } = await metadata(known, version);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issuer, cloud_instance_name: 'microsoftonline.com', tenant_region_scope: 'EU', msgraph_host: 'graph.microsoft.com', token_endpoint: expect.stringContaining(known),
    });
    expect(Object.keys(body ?? {})).toEqual(expect.arrayContaining([
      'authorization_endpoint', 'device_authorization_endpoint', 'end_session_endpoint', 'check_session_iframe', 'userinfo_endpoint', 'jwks_uri',
      'response_types_supported', 'scopes_supported', 'claims_supported', 'cloud_graph_host_name', 'rbac_url',
    ]));
  });

  it('answers in lower case whatever case was asked', async () => {
    expect((await metadata(known.toUpperCase())).body?.['issuer']).toBe(`https://sts.windows.net/${known}/`);
  });

  it.each([
    ['a GUID nobody has', unknown, 'invalid_tenant', 90002],
    ['a domain nobody has', 'nobody.example.com', 'invalid_request', 90002],
    ['neither GUID nor domain', 'what-is-this', 'invalid_request', 900023],
    ['the GUID of zeros', '00000000-0000-0000-0000-000000000000', 'invalid_request', 900021],
  ])('answers %s with 400', async (_name, tenant, error, code) => {
    const { status, body } = await metadata(tenant);
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error, error_codes: [code], timestamp: expect.any(String), trace_id: expect.any(String), correlation_id: expect.any(String),
      error_uri: expect.stringContaining(String(code)),
    });
    expect(body?.['error_description']).toMatch(new RegExp(`^AADSTS${code}: .*\r\nTrace ID: .*\r\nCorrelation ID: .*\r\nTimestamp: `));
  });

  it.each([
    ['common', 'https://sts.windows.net/{tenantid}/'],
    ['organizations', 'https://sts.windows.net/{tenantid}/'],
    ['consumers', `https://sts.windows.net/${consumerTenantId}/`],
    ['northwind.example.com', `https://sts.windows.net/${known}/`],
  ])('answers the name %s as the real one does', async (named, issuer) => {
    expect(await metadata(named)).toMatchObject({ status: 200, body: { issuer } });
  });

  it('has one tenant in the government\'s cloud', async () => {
    expect((await metadata(governmentTenantId)).body).toMatchObject({ tenant_region_scope: 'USGov', cloud_instance_name: 'microsoftonline.us' });
  });

  it('knows the seeded tenants and twenty more, the same for the same seed', async () => {
    const tenants = (await control.get('/microsoft/tenants')).body as unknown as { tenantId: string }[];
    const ids = tenants.map(({ tenantId }) => tenantId);
    expect(ids).toEqual(expect.arrayContaining([known, '0b7d1c52-6a0f-4a83-9b51-6f0a2f0d9e11', governmentTenantId]));
    expect(ids).toHaveLength(24);
    expect(new Set(ids).size).toBe(24);
    expect((await metadata(ids.at(-1)!)).status).toBe(200);
  });

  it('learns a tenant and forgets it with a reset', async () => {
    expect((await control.post('/microsoft/tenants', { tenantId: unknown, cloud: 'usgov' })).status).toBe(201);
    expect((await metadata(unknown)).body).toMatchObject({ tenant_region_scope: 'USGov' });
    await control.post('/reset');
    expect((await metadata(unknown)).status).toBe(400);
  });

  it.each([['inactive', 'AADSTS5000225'], ['decommissioned', 'AADSTS5000224']])('lets nobody into a tenant that is blocked as %s', async (blocked, code) => {
    expect(await control.post('/microsoft/tenants', { tenantId: unknown, blocked })).toMatchObject({ status: 201, body: { blocked } });
    expect(refusedAs(await metadata(unknown))).toEqual([400, 'invalid_request', code]);
    expect(refusedAs(await token(good, unknown))).toEqual([400, 'invalid_request', code]);
    expect((await control.post('/microsoft/tenants', { tenantId: unknown, blocked: 'asleep' })).status).toBe(400);
  });

  it('names another tenant as issuer when told to', async () => {
    await control.fault({ peer: 'microsoft', kind: 'wrong-issuer', times: 1 });
    expect((await metadata(known)).body?.['issuer']).toMatch(/^https:\/\/sts\.windows\.net\/(?!fcc608c4)[0-9a-f-]{36}\/$/);
    expect((await metadata(known)).body?.['issuer']).toContain(known);
  });

  it('issues tokens that its own keys verify', async () => {
    const { status, body } = await token(good);
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3599 });
    const described = (await metadata(known, 'v2.0/')).body;
    const { payload } = await jwtVerify(String(body?.['access_token']), createRemoteJWKSet(new URL(String(described?.['jwks_uri']))), {
      issuer: String(described?.['issuer']), audience: 'api://trunkline', algorithms: ['RS256'],
    });
    expect(payload).toMatchObject({ tid: known, azp: clientId, roles: expect.arrayContaining(['customers.write']) });
  });

  it('takes the secret from a Basic header and the older form of the request', async () => {
    const { status, body } = await token({ grant_type: 'client_credentials', resource: 'api://trunkline' }, known, 'oauth2/token', basic(clientId, 'trunkline-secret'));
    expect(status).toBe(200);
    expect(String(body?.['access_token']).split('.')).toHaveLength(3);
  });

  it.each<[string, Record<string, string>, string, readonly [number, string, string]]>([
    ['an unknown application', { ...good, client_id: unknown }, known, [400, 'unauthorized_client', 'AADSTS700016']],
    ['a wrong secret', { ...good, client_secret: 'wrong' }, known, [401, 'invalid_client', 'AADSTS7000215']],
    ['no secret', { ...good, client_secret: '' }, known, [401, 'invalid_client', 'AADSTS7000216']],
    ['another grant', { ...good, grant_type: 'password' }, known, [400, 'unsupported_grant_type', 'AADSTS70003']],
    ['no grant', { ...good, grant_type: '' }, known, [400, 'invalid_request', 'AADSTS900144']],
    ['no scope', { ...good, scope: '' }, known, [400, 'invalid_request', 'AADSTS900144']],
    ['a scope of one permission', { ...good, scope: 'api://trunkline/read' }, known, [400, 'invalid_scope', 'AADSTS1002012']],
    ['an unknown tenant', good, unknown, [400, 'invalid_tenant', 'AADSTS90002']],
    ['no tenant in particular', good, 'common', [400, 'invalid_request', 'AADSTS50194']],
  ])('refuses a token for %s', async (_name, form, tenant, wanted) => {
    expect(refusedAs(await token(form, tenant))).toEqual(wanted);
  });

  it('answers other paths with a page', async () => {
    expect(await call(`${simulators.microsoft}/nothing`)).toMatchObject({ status: 404, headers: { 'content-type': 'text/html; charset=utf-8' } });
  });
});
