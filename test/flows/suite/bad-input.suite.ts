import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { aRequest, create, documentedRequest, expectDeployed, expectProblem, path } from './customers.js';
import type { Stage } from './stage.js';

const json = { 'content-type': 'application/json' };

/** One character of each Unicode category that is refused, as JSON writes it, and the two that would end a quoted text. */
const refusedCharacters = {
  'Cc NUL': '\\u0000', 'Cc line feed': '\\n', 'Cc tab': '\\t', 'Cc DEL': '\\u007f', 'Cf zero width space': '\\u200b', 'Cf right-to-left override': '\\u202e',
  'Cs lone surrogate': '\\ud800', 'Co private use': '\\ue000', 'Cn unassigned': '\\u0378', 'Zl line separator': '\\u2028', 'Zp paragraph separator': '\\u2029',
  'quotation mark': '\\"', 'backslash': '\\\\',
} as const;

export function badInput(stage: Stage): void {
  /** Counts of everything a request could leave in the database. Of messages those that ever were there: what has left is removed when it suits. */
  async function traces(): Promise<unknown> {
    const tables = ['deployment', 'deployment_event', 'customer', 'site_location', 'inbox', 'job'].map((table) => `(SELECT count(*) FROM provisioner.${table}) AS ${table}`);
    return stage.app.rows(`SELECT ${tables.join(', ')}, pg_sequence_last_value(pg_get_serial_sequence('provisioner.outbox', 'id')) AS outbox`);
  }

  /** Whatever `work` sends leaves nothing in the database and reaches no peer. */
  async function withoutTrace(work: () => Promise<void>): Promise<void> {
    const [before, mark] = [await traces(), await stage.simulators.mark()];
    await work();
    expect(await traces()).toEqual(before);
    expect(await stage.simulators.calls({}, mark)).toEqual([]);
  }

  const text = (changes: Readonly<Record<string, unknown>> = {}): string => JSON.stringify(aRequest(changes));
  const inserted = (member: string): string => text().replace(/^\{/, `{${member},`);

  describe('a request that can\'t be read', () => {
    it.each([
      ['no media type', { raw: text(), headers: { 'content-type': '' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
      ['plain text', { raw: text(), headers: { 'content-type': 'text/plain' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
      ['a form', { raw: 'shortName=Abc', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
      ['a compressed body', { raw: text(), headers: { ...json, 'content-encoding': 'gzip' } }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
      ['more than 256 KiB', { raw: text({ fullName: 'x'.repeat(256 * 1024) }) }, 413, 'BODY_TOO_LARGE'],
      ['nothing', { raw: '' }, 400, 'MALFORMED_JSON'],
      ['half a body', { raw: text().slice(0, -1) }, 400, 'MALFORMED_JSON'],
      ['bytes that are no UTF-8', { raw: Buffer.concat([Buffer.from('{"shortName":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]) }, 400, 'MALFORMED_JSON'],
      ['a depth of 33', { raw: inserted(`"x":${'['.repeat(33)}${']'.repeat(33)}`) }, 400, 'MALFORMED_JSON'],
      ['a hundred thousand brackets', { raw: '['.repeat(100_000) }, 400, 'MALFORMED_JSON'],
    ] as const)('because it holds %s is refused', async (_name, call, status, code) => {
      await withoutTrace(async () => {
        const answer = await stage.app.http.send('POST', path, call);
        expect(expectProblem(answer, status).errorCode).toBe(code);
      });
    });

    it.each([
      ['POST', '/api/v2/task/wst_1', ['GET']], ['PUT', path, ['GET', 'POST']], ['POST', `${path}/6f13ccee-d21d-5a72-8226-81e9e84470fd`, ['DELETE', 'GET']], ['DELETE', '/api/v2/sbc', ['GET']],
    ])('because %s is no method of %s says which are', async (method, known, allowed) => {
      await withoutTrace(async () => {
        const answer = await stage.app.http.send(method, known, { body: {} });
        expectProblem(answer, 405);
        const allow = String(answer.headers.allow).split(', ').filter((each) => each !== 'HEAD');
        expect(allow.sort()).toEqual(allowed);
      });
    });
  });

  describe('a request that is wrong', () => {
    const site = documentedRequest.siteLocation;
    it.each([
      ['an array', '[]', ['']],
      ['a text', '"create"', ['']],
      ['null', 'null', ['']],
      ['nothing it needs', '{}', ['msTenantId', 'ovocCustomerType', 'shortName', 'siteLocation']],
      ['a list of no site', text({ siteLocation: [] }), ['siteLocation']],
      ['two sites', text({ siteLocation: [site, site] }), ['siteLocation']],
      ['a site that is a text', text({ siteLocation: 'here' }), ['siteLocation']],
      ['an unknown member of the site', text({ siteLocation: { ...site, colour: 'blue' } }), ['siteLocation.colour']],
      ['an unknown property that is an object', text({ colour: { name: 'blue' } }), ['colour']],
      ['two spellings with two values', text({ SHORTNAME: 'Other1' }), ['shortName']],
      ['an SBC that is no number', text({ siteLocation: { ...site, sbcId: 'five' } }), ['siteLocation.sbcId']],
      ['an SBC with a fraction', text({ siteLocation: { ...site, sbcId: 5.5 } }), ['siteLocation.sbcId']],
      ['the type of another request', text({ ovocCustomerType: 'TENANT_TYPE_GW' }), ['ovocCustomerType']],
      ['a tenant that is no GUID', text({ msTenantId: 'contoso.example' }), ['msTenantId']],
      ['the tenant of nobody', text({ msTenantId: '00000000-0000-0000-0000-000000000000' }), ['msTenantId']],
      ['the tenant of consumers', text({ msTenantId: '9188040d-6c67-4c5b-b112-36a304b66dad' }), ['msTenantId']],
      ['a channel that is no number', text({ channelId: 'first' }), ['channelId']],
      ['parameters that are a text', text({ scriptParameters: 'CacProfile' }), ['scriptParameters']],
      ['a parameter that is an object', text({ scriptParameters: { CacProfile: {} } }), ['scriptParameters["CacProfile"]']],
      ['the same parameter twice with two values', text({ scriptParameters: [{ CacProfile: '10 sessions' }, { CACProfile: '50 sessions' }] }), ['scriptParameters["CacProfile"]']],
      ['a value of 256 characters', text({ scriptParameters: { ProxySet: 'x'.repeat(256) } }), ['scriptParameters["ProxySet"]']],
      ['__proto__', inserted('"__proto__":{"isAdmin":true}'), ['__proto__']],
      ['__proto__ among the parameters', inserted('"scriptParameters":{"__proto__":"x"}'), ['scriptParameters.__proto__']],
      ['everything wrong at once', JSON.stringify({ shortName: 'a', fullName: '*', siteLocation: { sbcId: 0 }, ovocCustomerType: 'X', msTenantId: 'y' }),
        ['fullName', 'msTenantId', 'ovocCustomerType', 'shortName', 'siteLocation.sbcCleanupScript', 'siteLocation.sbcId', 'siteLocation.sbcOnboardingScript']],
    ])('because it holds %s is refused with every field', async (_name, raw, fields) => {
      await withoutTrace(async () => {
        const { errors = [] } = expectProblem(await stage.app.http.send('POST', path, { raw }), 400);
        expect([...new Set(errors.map(({ field }) => field))].sort()).toEqual(fields);
      });
    });

    it.each([
      ['ab', 'SHORT_NAME_LENGTH'], ['abcdefghijklmnop', 'SHORT_NAME_LENGTH'], ...[...'\\/:*?"<>|. \t'].map((character) => [`ab${character}c`, 'SHORT_NAME_CHARACTERS'] as const),
      ['Ünicode', 'SHORT_NAME_CHARACTERS'], [' abc', 'SHORT_NAME_CHARACTERS'], ['AUDIT', 'SHORT_NAME_RESERVED'], ['audit', 'SHORT_NAME_RESERVED'],
    ] as const)('because its short name is %j is refused', async (shortName, code) => {
      await withoutTrace(async () => {
        const { errors = [] } = expectProblem(await create(stage, aRequest({ shortName })), 400);
        expect(errors).toContainEqual(expect.objectContaining({ field: 'shortName', code }));
      });
    });

    const places = {
      'short name': (character: string) => text().replace(/"shortName":"/, `$&a${character}`),
      'full name': (character: string) => text().replace(/"fullName":"/, `$&a${character}`),
      'parameter\'s value': (character: string) => inserted(`"scriptParameters":{"ProxySet":"a${character}b"}`),
      'parameter\'s name': (character: string) => inserted(`"scriptParameters":{"a${character}b":"x"}`),
      'value at the top': (character: string) => inserted(`"Region":"a${character}b"`),
      'name at the top': (character: string) => inserted(`"a${character}b":"x"`),
    } as const;
    it.each(Object.entries(places))('because a %s holds a character of a refused category is refused', async (_place, build) => {
      await withoutTrace(async () => {
        for (const [name, escape] of Object.entries(refusedCharacters)) {
          // What JSON.stringify would write for the character, so that the escape arrives as it stands.
          const answer = await stage.app.http.send('POST', path, { raw: build('@@').replace('@@', () => escape) });
          expect(answer.status, `${name}: ${answer.text}`).toBe(400);
        }
      });
    });

    it.each([['too long', 'k'.repeat(256)], ['with a blank', 'a b']])('because its Idempotency-Key is %s is refused', async (_name, key) => {
      await withoutTrace(async () => { expectProblem(await create(stage, aRequest(), { 'Idempotency-Key': key }), 400); });
    });

    it('is refused whatever JSON it is', async () => {
      await withoutTrace(async () => {
        await fc.assert(fc.asyncProperty(fc.jsonValue(), async (value) => { expectProblem(await create(stage, value), 400); }), { numRuns: 100 });
      });
    });
  });

  describe('a request that looks odd and is right', () => {
    it.each([
      ['a short name that only begins with a reserved one', { shortName: 'Auditel' }],
      ['a short name of every special character', { shortName: '!#$%&\'()+,-;=@' }],
      ['a short name of the rest of them', { shortName: '[]^_`{}~' }],
      ['a full name with an apostrophe, dots and letters of the world', { fullName: 'D\'Ångström & Söhne G.m.b.H. 株式会社' }],
      ['nulls for what is optional', { channelId: null, lcCustomerId: null, scriptParameters: null, fullName: null }],
    ])('is deployed: %s', async (_name, changes) => {
      expectDeployed(await create(stage, aRequest(changes)));
    });
  });
}
