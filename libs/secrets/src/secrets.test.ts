import { createHash, randomBytes } from 'node:crypto';

import { compactDecrypt, CompactEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';

import { isSecretsKey, Secrets, SecretsError } from './secrets.js';

const key = Buffer.alloc(32, 7);
const secrets = new Secrets(key.toString('base64'));
const codeOf = async (attempt: Promise<unknown>): Promise<string> => attempt.then(() => 'opened', (error: unknown) => (error instanceof SecretsError ? error.code : String(error)));

describe('secrets', () => {
  it('opens what was sealed with the same key', async () => {
    const value = { scriptParameters: { CarrierUserPassword: 'Grüße "\\' }, candidates: {} };
    expect(await new Secrets(key.toString('base64url')).open(await secrets.seal(value))).toEqual(value);
  });

  it('never gives the same text twice, nor shows anything of the value', async () => {
    const [one, two] = await Promise.all([secrets.seal({ p: 'hush-hush' }), secrets.seal({ p: 'hush-hush' })]);
    expect(one).not.toBe(two);
    for (const part of one.split('.')) expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('hush');
  });

  it('writes plain JWE that names its key, readable by any library', async () => {
    const { plaintext, protectedHeader } = await compactDecrypt(await secrets.seal({ a: 1 }), key);
    expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual({ a: 1 });
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', kid: createHash('sha256').update(key).digest('hex').slice(0, 8) });
  });

  it.each([
    ['a text sealed with another key', async () => new Secrets(randomBytes(32).toString('base64')).seal({ a: 1 }), 'OTHER_KEY'],
    ['a changed text', async () => (await secrets.seal({ a: 1 })).replace(/\.([^.]+)$/, `.${Buffer.alloc(16).toString('base64url')}`), 'NOT_SEALED'],
    ['a cut text', async () => (await secrets.seal({ a: 1 })).slice(0, -30), 'NOT_SEALED'],
    ['no JWE at all', async () => 'hello', 'NOT_SEALED'],
    ['an empty text', async () => '', 'NOT_SEALED'],
    ['a JWE without a key id', async () => new CompactEncrypt(Buffer.from('{}')).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(key), 'NOT_SEALED'],
    ['a sealed list', async () => secrets.seal([1]), 'NOT_SEALED'],
  ])('refuses %s', async (_name, make, code) => {
    expect(await codeOf(secrets.open(await make()))).toBe(code);
  });

  it.each([
    ['32 bytes in base64', key.toString('base64'), true],
    ['32 bytes in base64url', Buffer.alloc(32, 255).toString('base64url'), true],
    ['31 bytes', Buffer.alloc(31).toString('base64'), false],
    ['33 bytes', Buffer.alloc(33).toString('base64'), false],
    ['hex', key.toString('hex'), false],
    ['nothing', '', false],
    ['a line end behind it', `${key.toString('base64')}\n`, false],
  ])('takes %s for a key or not', (_name, text, isKey) => {
    expect(isSecretsKey(text)).toBe(isKey);
    if (isKey) expect(() => new Secrets(text)).not.toThrow();
    else expect(() => new Secrets(text)).toThrow(SecretsError);
  });

  it('fingerprints depend on the text and on the key', () => {
    const other = new Secrets(Buffer.alloc(32, 8).toString('base64'));
    expect(secrets.fingerprint('a')).toMatch(/^[0-9a-f]{64}$/);
    expect(secrets.fingerprint('a')).toBe(new Secrets(key.toString('base64')).fingerprint('a'));
    expect(new Set([secrets.fingerprint('a'), secrets.fingerprint('b'), other.fingerprint('a')]).size).toBe(3);
    expect(secrets.fingerprint({ a: [1], b: { c: 2, d: 3 } })).toBe(secrets.fingerprint({ b: { d: 3, c: 2 }, a: [1] }));
  });
});
