import { readBasic } from '../peer/accounts.js';
import { type Answer, type Call, json } from '../peer/answer.js';
import { clouds, type Tenant } from './directory.js';
import { refusal } from './failures.js';
import { issuerOf } from './metadata.js';
import type { TokenSigner } from './tokens.js';

/** An application that may ask for tokens. */
export interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Roles in its tokens, by the audience they are for. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
}

const lifetimeSeconds = 3599;

/** Answers a request for a token with client credentials. */
export async function answerTokenRequest(
  call: Call, tenant: Tenant, version: 1 | 2, applications: readonly Application[], signer: TokenSigner,
): Promise<Answer> {
  const form = new URLSearchParams(call.body.toString('utf8'));
  const basic = readBasic(call.headers.authorization);
  const clientId = form.get('client_id') ?? basic?.user;
  const secret = form.get('client_secret') ?? basic?.password;
  const grant = form.get('grant_type');
  if (!grant) return missing('grant_type');
  if (grant !== 'client_credentials') return refusal(400, 'unsupported_grant_type', 70003, `The app requested an unsupported grant type '${grant}'.`);
  if (!clientId) return missing('client_id');
  const application = applications.find((known) => known.clientId === clientId);
  if (!application) {
    return refusal(400, 'unauthorized_client', 700016, `Application with identifier '${clientId}' was not found in the directory '${tenant.displayName}'.`);
  }
  if (!secret) return refusal(401, 'invalid_client', 7000216, '\'client_assertion\', \'client_secret\' or \'request\' is required for the \'client_credentials\' grant type.');
  if (secret !== application.clientSecret) return refusal(401, 'invalid_client', 7000215, `Invalid client secret provided for app '${clientId}'.`);

  const wanted = form.get(version === 1 ? 'resource' : 'scope');
  if (!wanted) return missing(version === 1 ? 'resource' : 'scope');
  const audience = version === 1 ? wanted.replace(/\/$/, '') : /^(.+)\/\.default$/.exec(wanted)?.[1];
  if (audience === undefined) return refusal(400, 'invalid_scope', 1002012, `The provided value for scope ${wanted} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.`);

  const token = await signer.issue({
    aud: audience,
    iss: issuerOf(tenant.tenantId, version, clouds[tenant.cloud]),
    tid: tenant.tenantId,
    sub: clientId,
    oid: clientId,
    ...version === 1 ? { appid: clientId, appidacr: '1', ver: '1.0' } : { azp: clientId, azpacr: '1', ver: '2.0' },
    roles: application.roles[audience] ?? [],
  }, lifetimeSeconds);
  return json(200, { token_type: 'Bearer', expires_in: lifetimeSeconds, ext_expires_in: lifetimeSeconds, access_token: token }, { 'cache-control': 'no-store, no-cache' });
}

function missing(name: string): Answer {
  return refusal(400, 'invalid_request', 900144, `The request body must contain the following parameter: '${name}'.`);
}
