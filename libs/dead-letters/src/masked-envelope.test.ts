import { describe, expect, it } from 'vitest';

import { maskedEnvelope, maskedText } from './masked-envelope.js';

const jwe = 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoiYSJ9..iv-iv-iv.cipher_text.tag-tag';
const masked = (value: unknown) => maskedEnvelope(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))).envelope;

describe('a message as an operator sees it', () => {
  it('shows what tells one message from another', () => {
    const message = {
      specversion: '1.0', id: 'a-1', source: 'crm', type: 'trunkline.customer.created.v1', subject: 's', round: 2,
      data: { ticket: { shortName: 'Northwind7', sbc: { id: 5, fqdn: 'sbc.example.net' } }, progress: [{ level: 'Error', message: 'no' }], startBy: '2026-01-01T00:00:00Z' },
    };
    expect(masked(message)).toEqual(message);
  });

  it.each([
    ['script text', { data: { script: { onboarding: { id: 7, version: 2, text: 'password hunter2' } } } }],
    ['script values', { data: { script: { values: { CarrierPassword: 'hunter2' } } } }],
    ['sealed script values', { data: { script: { sealedValues: 'hunter2' } } }],
    ['what a request seals', { data: { sealed: 'hunter2' } }],
    ['parameters of a request', { data: { request: { scriptParameters: { CarrierPassword: 'hunter2' } } } }],
    ['candidates of a request', { data: { request: { candidates: { reason: 'hunter2' } } } }],
    ['properties nobody knows', { data: { request: { reason: 'hunter2' }, token: 'hunter2' }, extra: ['hunter2'] }],
    ['objects where a value belongs', { id: { inner: 'hunter2' }, data: { reason: ['hunter2'] } }],
    ['values where an object belongs', { data: 'hunter2' }],
    ['lists where an object belongs', { data: ['hunter2', { id: 'hunter2', values: 'hunter2' }] }],
  ])('masks %s', (_name, message) => {
    expect(JSON.stringify(masked(message))).not.toContain('hunter2');
  });

  it('masks a sealed text wherever it stands', () => {
    expect(JSON.stringify(masked({ id: jwe, data: { reason: `failed: ${jwe}`, ticket: { fullName: jwe } } }))).not.toMatch(/cipher_text|tag-tag|eyJ/);
  });

  it.each(['no JSON, password=hunter2', '{"data": {"script": {"onboarding": {"text": "hunter2', '[{"id": "hunter2"}]', '"hunter2"', 'null'])('shows nothing of %s', (text) => {
    expect(masked(text)).toBeNull();
  });

  it.each([
    ['a byte order mark before it', Buffer.from('\ufeff{"id":"a-1"}'), { id: 'a-1' }],
    ['a byte that is no UTF-8', Buffer.from('{"id":"a-1","source":"k\u00fc"}', 'latin1'), { id: 'a-1', source: 'k\ufffd' }],
  ])('shows what can be read of a message with %s', (_name, body, expected) => {
    expect(maskedEnvelope(body).envelope).toEqual(expected);
  });

  it('is cut at 16 KiB of JSON, and says so', () => {
    const long = { level: 'Information', message: '\u0001'.repeat(500) };
    const { envelope, isEnvelopeCut } = maskedEnvelope(Buffer.from(JSON.stringify({ id: 'a', data: { code: 'X', progress: Array(60).fill(long) } })));
    expect(Buffer.byteLength(JSON.stringify(envelope))).toBeLessThanOrEqual(16 * 1024);
    expect([isEnvelopeCut, envelope]).toMatchObject([true, { id: 'a', data: { code: 'X' } }]);
    expect((envelope as { data: { progress: unknown[] } }).data.progress[0]).toEqual(long);
  });

  it.each([
    ['a long text', { id: 'x'.repeat(513) }, true],
    ['a long list', { data: { progress: Array(65).fill({}) } }, true],
    ['many properties', Object.fromEntries(Array.from({ length: 65 }, (_unused, n) => [`p${n}`, 1])), true],
    ['masked', { data: { sealed: 'x'.repeat(10_000) } }, false],
  ])('says whether it is cut: %s', (_name, message, isCut) => {
    expect(maskedEnvelope(Buffer.from(JSON.stringify(message))).isEnvelopeCut).toBe(isCut);
  });

  it('takes no longer for a text that seems to be sealed again and again than by its length', () => {
    const timeOf = (times: number): number => {
      const text = 'eyJ'.repeat(times);
      // The least of several: what else the machine does only ever adds.
      return Math.min(...Array.from({ length: 7 }, () => {
        const startedAt = performance.now();
        maskedText(text);
        return performance.now() - startedAt;
      }));
    };
    timeOf(1_000);
    // Sixteen times as long a text takes 256 times as long where each beginning is followed to the end.
    expect(timeOf(32_000) / timeOf(2_000)).toBeLessThan(100);
  });

  it('is bounded', () => {
    const message = { id: 'x'.repeat(100_000), data: { progress: Array.from({ length: 1_000 }, () => ({ level: 'Information', message: 'm' })) } };
    expect(JSON.stringify(masked(message)).length).toBeLessThan(5_000);
  });

  it('leaves ordinary text alone', () => {
    expect(maskedText('a.b.c of sbc-1.example.net is eyed')).toBe('a.b.c of sbc-1.example.net is eyed');
  });
});
