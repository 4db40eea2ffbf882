import { TransientError } from '@trunkline/steps';
import { Pool } from 'undici';
import { type MicrosoftCloud, MicrosoftTenants, type TenantAnswer } from './microsoft-tenants.js';
import { decideBeforeAsking, decideTenantAnswer, type TenantReply } from './tenant-answer.decide.js';

export interface MicrosoftHttpSettings {
  /** Host of the login service, e.g. `https://login.microsoftonline.com`; a path in it is kept in front. */
  readonly baseUrl: string;
  readonly cloud: MicrosoftCloud;
}

const connectTimeoutMs = 3_000;
/** As many as checks run at once: one that waits for a connection uses up its time. */
const connections = 64;

/** Asks the public metadata document of a tenant: one call for each `find`, for as long as its signal lets it; no memory, no second try. */
export class HttpMicrosoftTenants extends MicrosoftTenants {
  private readonly pool: Pool;
  private readonly prefix: string;
  private readonly cloud: MicrosoftCloud;

  constructor(settings: MicrosoftHttpSettings) {
    super();
    const base = new URL(settings.baseUrl);
    this.prefix = base.pathname.replace(/\/+$/, '');
    this.cloud = settings.cloud;
    // A metadata document has a few kilobytes; anything much larger is something else.
    this.pool = new Pool(base.origin, { connections, connect: { timeout: connectTimeoutMs }, maxResponseSize: 256 * 1024 });
  }

  override async find(tenantId: string, signal: AbortSignal): Promise<TenantAnswer> {
    const known = decideBeforeAsking(tenantId);
    if (known !== undefined) return known;
    const id = tenantId.toLowerCase();
    const { reply, cause } = await this.ask(id, signal);
    const decision = decideTenantAnswer({ tenantId: id, cloud: this.cloud }, reply);
    if (decision.kind !== 'unavailable') return decision;
    throw new TransientError('MS_TENANT_CHECK_UNAVAILABLE', `Microsoft could not be asked about tenant ${id}: ${decision.detail}`, {
      ...(cause === undefined ? {} : { cause }),
      ...(decision.retryAfterMs === undefined ? {} : { retryAfterMs: decision.retryAfterMs }),
    });
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async ask(id: string, signal: AbortSignal): Promise<{ reply: TenantReply; cause?: unknown }> {
    try {
      const path = `${this.prefix}/${encodeURIComponent(id)}/.well-known/openid-configuration`;
      const response = await this.pool.request({ method: 'GET', path, headers: { 'accept': 'application/json', 'user-agent': 'trunkline' }, signal });
      const retryAfter = single(response.headers['retry-after']);
      return {
        reply: {
          kind: 'answered',
          status: response.statusCode,
          contentType: single(response.headers['content-type']) ?? '',
          ...(retryAfter === undefined ? {} : { retryAfter }),
          body: await response.body.text(),
        },
      };
    } catch (cause) {
      return { reply: { kind: 'failed', failure: failureOf(cause) }, cause };
    }
  }
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
