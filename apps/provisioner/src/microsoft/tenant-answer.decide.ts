import { consumersTenantId, guidPattern, zeroTenantId } from '@trunkline/contracts';

import type { MicrosoftCloud, TenantAnswer } from './microsoft-tenants.js';

/** What came back for the metadata document of one tenant. `failure` is the network error's code. */
export type TenantReply =
  | { readonly kind: 'answered'; readonly status: number; readonly contentType: string; readonly retryAfter?: string; readonly body: string }
  | { readonly kind: 'failed'; readonly failure: string };

/** `unavailable` says nothing about the tenant; `detail` is for people, `retryAfterMs` is Microsoft's wish. */
export type TenantDecision = TenantAnswer | { readonly kind: 'unavailable'; readonly detail: string; readonly retryAfterMs?: number };

const noSuchTenant = new Set([90002, 900021, 900023]);
const otherCloud = 90038;
// Final: what Microsoft may mend by itself, or says of our own network, is in none of these lists.
const blocked: ReadonlyMap<number, string> = new Map([
  [5000225, 'Microsoft has blocked this tenant because it was not in use (AADSTS5000225). Its administrator can ask Microsoft to reactivate it.'],
  [5000224, 'Microsoft has blocked or decommissioned this tenant (AADSTS5000224). Its administrator can ask Microsoft why.'],
]);

const cloudNames: Readonly<Record<MicrosoftCloud, string>> = {
  public: 'the public cloud',
  usgov: 'the US government cloud',
  china: 'the China cloud',
};

/** The answer that needs no question: ids that are no tenant's, and tenants that are nobody's company. */
export function decideBeforeAsking(tenantId: string): TenantAnswer | undefined {
  const id = tenantId.toLowerCase();
  if (!guidPattern.test(id)) return { kind: 'not-found' };
  if (id === zeroTenantId) return { kind: 'not-allowed', reason: 'the all-zero id is reserved' };
  if (id === consumersTenantId) return { kind: 'not-allowed', reason: 'this is the tenant of personal Microsoft accounts' };
  return undefined;
}

/** Valid only when the document is about the tenant asked for and that tenant lives in our cloud. */
export function decideTenantAnswer(asked: { readonly tenantId: string; readonly cloud: MicrosoftCloud }, reply: TenantReply): TenantDecision {
  if (reply.kind === 'failed') return { kind: 'unavailable', detail: reply.failure };
  if (reply.status === 200) return decideDocument(asked, jsonObject(reply));
  const no = reply.status === 400 ? decideNo(asked.cloud, errorCodes(jsonObject(reply))) : undefined;
  if (no) return no;
  const retryAfterMs = secondsToMs(reply.retryAfter);
  return { kind: 'unavailable', detail: `HTTP ${reply.status}`, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The final answer that the codes of an error give; undefined when they say nothing about the tenant. */
function decideNo(ours: MicrosoftCloud, codes: readonly number[]): TenantAnswer | undefined {
  if (codes.some((code) => noSuchTenant.has(code))) return { kind: 'not-found' };
  const reason = codes.map((code) => blocked.get(code)).find((text) => text !== undefined);
  if (reason !== undefined) return { kind: 'not-allowed', reason };
  return codes.includes(otherCloud) ? livesIn('another Microsoft cloud', ours) : undefined;
}

const livesIn = (where: string, ours: MicrosoftCloud): TenantAnswer => (
  { kind: 'not-allowed', reason: `the tenant lives in ${where}, this service works in ${cloudNames[ours]}` }
);

function decideDocument(asked: { readonly tenantId: string; readonly cloud: MicrosoftCloud }, document: JsonObject | undefined): TenantDecision {
  if (document === undefined) return { kind: 'unavailable', detail: 'the answer is not JSON' };
  // Another issuer means that a different question was answered: nothing is known about the tenant.
  if (issuerTenant(document['issuer']) !== asked.tenantId.toLowerCase()) return { kind: 'unavailable', detail: 'the answer names another issuer' };
  const strange = [cloudOfInstance(text(document['cloud_instance_name'])), cloudOfRegion(text(document['tenant_region_scope']))]
    .find((cloud) => cloud !== undefined && cloud !== asked.cloud);
  if (strange !== undefined) return livesIn(strange === 'other' ? 'another Microsoft cloud' : cloudNames[strange], asked.cloud);
  return { kind: 'valid' };
}

type JsonObject = Readonly<Record<string, unknown>>;

function jsonObject(reply: { readonly contentType: string; readonly body: string }): JsonObject | undefined {
  if (!/[/+]json\b/i.test(reply.contentType)) return undefined;
  try {
    const value: unknown = JSON.parse(reply.body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** Codes stand in `error_codes`, in older answers only in the text; compared as whole numbers, since one is a prefix of another. */
function errorCodes(body: JsonObject | undefined): number[] {
  const listed: unknown[] = Array.isArray(body?.['error_codes']) ? body['error_codes'] : [];
  const written = [...(text(body?.['error_description']) ?? '').matchAll(/AADSTS(\d+)/g)].map((match) => match[1]);
  return [...listed, ...written].map(Number);
}

/** The issuer is `https://sts.windows.net/{tenant}/` or `https://<login host>/{tenant}/v2.0`. */
function issuerTenant(issuer: unknown): string | undefined {
  return /^https?:\/\/[^/]+\/([^/]+)(?:\/|$)/i.exec(text(issuer) ?? '')?.[1]?.toLowerCase();
}

/** A document that names no cloud comes from the login host of our own. */
function cloudOfInstance(name: string | undefined): MicrosoftCloud | 'other' | undefined {
  if (name === undefined) return undefined;
  if (/(^|\.)microsoftonline\.com$/i.test(name)) return 'public';
  if (/(^|\.)microsoftonline\.us$/i.test(name)) return 'usgov';
  if (/(^|\.)(microsoftonline|chinacloudapi)\.cn$/i.test(name)) return 'china';
  return 'other';
}

/** Regions of the public cloud are many and grow, so only the two that mean another cloud are told apart. */
function cloudOfRegion(region: string | undefined): MicrosoftCloud | undefined {
  if (region !== undefined && /^usg/i.test(region)) return 'usgov';
  if (region !== undefined && /^(cn|china)$/i.test(region)) return 'china';
  return undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function secondsToMs(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1000 : undefined;
}
