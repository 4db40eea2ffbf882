import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MicrosoftCloud } from './microsoft-tenants.js';
import { decideBeforeAsking, decideTenantAnswer, type TenantDecision, type TenantReply } from './tenant-answer.decide.js';

interface AnswerCase {
  readonly name: string;
  readonly asked: { readonly tenantId: string; readonly cloud: MicrosoftCloud };
  readonly reply: TenantReply;
  readonly expected: TenantDecision;
}

const folder = join(import.meta.dirname, 'answers');
const cases = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as AnswerCase);

describe('tenant answer', () => {
  it.each(cases.map((answer) => [answer.name, answer] as const))('%s', (_name, { asked, reply, expected }) => {
    expect(decideTenantAnswer(asked, reply)).toEqual(expected);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_SOCKET', 'no answer within 5000 ms'])('a failed call (%s) says nothing about the tenant', (failure) => {
    const asked = { tenantId: 'fcc608c4-095b-4d1a-90e3-2106fc7024de', cloud: 'public' } as const;
    expect(decideTenantAnswer(asked, { kind: 'failed', failure })).toEqual({ kind: 'unavailable', detail: failure });
  });
});

describe('tenant id before asking', () => {
  it.each([
    ['a word the endpoint would accept', 'common', 'not-found'],
    ['another such word', 'organizations', 'not-found'],
    ['the word for personal accounts', 'consumers', 'not-found'],
    ['a domain name', 'contoso.onmicrosoft.com', 'not-found'],
    ['nothing', '', 'not-found'],
    ['a path', '../common', 'not-found'],
    ['a GUID with more behind it', 'fcc608c4-095b-4d1a-90e3-2106fc7024de/v2.0', 'not-found'],
    ['a GUID and a line break', 'fcc608c4-095b-4d1a-90e3-2106fc7024de\n', 'not-found'],
    ['a GUID in braces', '{fcc608c4-095b-4d1a-90e3-2106fc7024de}', 'not-found'],
    ['the all-zero GUID', '00000000-0000-0000-0000-000000000000', 'not-allowed'],
    ['the tenant of personal accounts', '9188040d-6c67-4c5b-b112-36a304b66dad', 'not-allowed'],
    ['the same in capitals', '9188040D-6C67-4C5B-B112-36A304B66DAD', 'not-allowed'],
    ['any other GUID', 'fcc608c4-095b-4d1a-90e3-2106fc7024de', undefined],
    ['any other GUID in capitals', 'FCC608C4-095B-4D1A-90E3-2106FC7024DE', undefined],
  ])('%s', (_name, tenantId, kind) => {
    expect(decideBeforeAsking(tenantId)?.kind).toBe(kind);
  });
});
