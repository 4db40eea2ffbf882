import { type Cloud, clouds, consumerTenantId, type Tenant } from './directory.js';

export interface MetadataRequest {
  /** The tenant as the URL names it: GUID, domain, or one of the words for many. */
  readonly named: string;
  readonly version: 1 | 2;
  /** Where this server is reached; the endpoints it names are its own. */
  readonly origin: string;
}

const wordsForMany = ['common', 'organizations'];

/** True for a name that stands for no tenant in particular. */
export function isForMany(named: string): boolean {
  return wordsForMany.includes(named.toLowerCase());
}

/** The metadata document of a tenant, or without one the template that `common` gets. */
export function metadataOf({ named, version, origin }: MetadataRequest, tenant: Tenant | undefined, issuer?: string): Record<string, unknown> {
  const cloud = clouds[tenant?.cloud ?? 'public'];
  const id = tenant?.tenantId ?? '{tenantid}';
  const path = `${origin}/${tenant?.tenantId ?? named.toLowerCase()}`;
  const oauth = version === 1 ? `${path}/oauth2` : `${path}/oauth2/v2.0`;
  return {
    token_endpoint: `${oauth}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: version === 1 ? `${origin}/common/discovery/keys` : `${path}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: version === 1 ? ['openid'] : ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuer ?? issuerOf(id, version, cloud),
    request_uri_parameter_supported: false,
    userinfo_endpoint: version === 1 ? `${path}/openid/userinfo` : `${origin}/oidc/userinfo`,
    authorization_endpoint: `${oauth}/authorize`,
    device_authorization_endpoint: `${oauth}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${oauth}/logout`,
    check_session_iframe: `${path}/oauth2/checksession`,
    claims_supported: ['sub', 'iss', 'cloud_instance_name', 'cloud_instance_host_name', 'cloud_graph_host_name', 'msgraph_host', 'aud', 'exp', 'iat', 'tid', 'ver', 'email'],
    kerberos_endpoint: `${path}/kerberos`,
    tenant_region_scope: tenant ? tenant.tenantId === consumerTenantId ? null : cloud.regionScope : null,
    ...tenant?.cloud === 'usgov' && { tenant_region_sub_scope: 'DODCON' },
    cloud_instance_name: cloud.instanceName,
    cloud_graph_host_name: cloud.graphHostName,
    msgraph_host: cloud.msGraphHost,
    rbac_url: tenant?.cloud === 'usgov' ? 'https://pasff.usgovcloudapi.net' : 'https://pas.windows.net',
  };
}

/** Issuers are those of the real service, wherever this server listens. */
export function issuerOf(tenantId: string, version: 1 | 2, { loginHost }: Cloud): string {
  return version === 1 ? `https://sts.windows.net/${tenantId}/` : `https://${loginHost}/${tenantId}/v2.0`;
}
