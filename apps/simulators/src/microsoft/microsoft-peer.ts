import { type Answer, type Call, json, type Peer } from '../peer/answer.js';
import { clouds, consumerTenantId, type Directory } from './directory.js';
import { blockedTenant, refusal, unknownTenant } from './failures.js';
import { isForMany, issuerOf, metadataOf } from './metadata.js';
import { type Application, answerTokenRequest } from './token-endpoint.js';
import type { TokenSigner } from './tokens.js';

const tenantPath = /^\/([^/]+)\/(?:(v2\.0)\/)?\.well-known\/openid-configuration$/;
const tokenPath = /^\/([^/]+)\/oauth2\/(?:(v2\.0)\/)?token$/;
const keysPath = /^\/([^/]+)\/discovery\/(?:v2\.0\/)?keys$/;

/** The login service. */
export class MicrosoftPeer implements Peer {
  readonly name = 'microsoft';

  constructor(private readonly directory: Directory, private readonly applications: readonly Application[], private readonly signer: TokenSigner) {}

  async answer(call: Call): Promise<Answer> {
    const path = decoded(call.path);
    const metadata = tenantPath.exec(path);
    if (metadata) return call.method === 'GET' ? this.answerMetadata(call, metadata[1] ?? '', metadata[2] ? 2 : 1) : page(405, 'Method not allowed');
    const token = tokenPath.exec(path);
    if (token) return call.method === 'POST' ? this.answerToken(call, token[1] ?? '', token[2] ? 2 : 1) : page(405, 'Method not allowed');
    if (keysPath.test(path) && call.method === 'GET') return json(200, await this.signer.keySet());
    return page(404, 'Page not found');
  }

  faultBody(status: number): Pick<Answer, 'headers' | 'body'> {
    const { headers, body } = status === 429
      ? refusal(status, 'temporarily_unavailable', 50196, 'The server terminated an operation because it encountered a client request loop.')
      : refusal(status, 'server_error', 90033, 'A transient error has occurred. Please try again.');
    return { headers: { ...headers, ...status === 429 && { 'retry-after': '1' } }, ...body !== undefined && { body } };
  }

  private answerMetadata({ origin, faults }: Call, named: string, version: 1 | 2): Answer {
    const tenant = named.toLowerCase() === 'consumers' ? this.directory.find(consumerTenantId) : this.directory.find(named);
    if (!tenant && !isForMany(named)) return unknownTenant(named);
    if (tenant?.blocked) return blockedTenant(tenant.blocked);
    const wrongIssuer = faults.has('wrong-issuer')
      ? faults.text('wrong-issuer', 'issuer') ?? issuerOf(this.otherThan(tenant?.tenantId), version, clouds.public)
      : undefined;
    return json(200, metadataOf({ named, version, origin }, tenant, wrongIssuer), { 'cache-control': 'max-age=86400, private' });
  }

  private async answerToken(call: Call, named: string, version: 1 | 2): Promise<Answer> {
    const tenant = this.directory.find(named);
    if (!tenant) return isForMany(named) ? refusal(400, 'invalid_request', 50194, `The tenant '${named}' can't be used with client credentials.`) : unknownTenant(named);
    if (tenant.blocked) return blockedTenant(tenant.blocked);
    return answerTokenRequest(call, tenant, version, this.applications, this.signer);
  }

  private otherThan(tenantId: string | undefined): string {
    return this.directory.all.find((tenant) => tenant.tenantId !== tenantId)?.tenantId ?? consumerTenantId;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A broken escape is no path of ours; it falls through to the page for unknown ones.
    return path;
  }
}

function page(status: number, title: string): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: `<!DOCTYPE html><html><head><title>${title}</title></head><body>${title}</body></html>` };
}
