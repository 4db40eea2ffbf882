import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomUUID, sign } from 'node:crypto';
import { promisify } from 'node:util';

export type Claims = Readonly<Record<string, unknown>>;

interface KeyPair { readonly id: string; readonly privateKey: KeyObject; readonly publicKey: KeyObject }

/** Signs tokens with a key of its own, made when the first one is needed. */
export class TokenSigner {
  private pair: Promise<KeyPair> | undefined;

  /** A token that is valid for `seconds` from now. */
  async issue(claims: Claims, seconds: number): Promise<string> {
    const { id, privateKey } = await this.keys();
    const now = Math.floor(Date.now() / 1000);
    const payload = { iat: now, nbf: now, exp: now + seconds, uti: randomUUID(), ...claims };
    const text = `${encode({ typ: 'JWT', alg: 'RS256', kid: id, x5t: id })}.${encode(payload)}`;
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
  }

  /** The public half, as a key set. */
  async keySet(): Promise<{ keys: Record<string, unknown>[] }> {
    const { id, publicKey } = await this.keys();
    return { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: id, x5t: id }] };
  }

  private keys(): Promise<KeyPair> {
    this.pair ??= makeKeys();
    return this.pair;
  }
}

async function makeKeys(): Promise<KeyPair> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const key = createPrivateKey(privateKey);
  const publicKey = createPublicKey(key);
  const id = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64url').slice(0, 27);
  return { id, privateKey: key, publicKey };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
