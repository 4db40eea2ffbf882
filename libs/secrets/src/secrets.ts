import { createHash, createHmac, hkdfSync, type webcrypto } from 'node:crypto';

import { compactDecrypt, CompactEncrypt, decodeProtectedHeader } from 'jose';

import { canonicalJson } from './canonical-json.js';

const keyBytes = 32;
const management = 'dir';
const encryption = 'A256GCM';

/** What was given is no key, no sealed text, or was sealed with another key. */
export class SecretsError extends Error {
  override readonly name = 'SecretsError';
  constructor(readonly code: 'KEY_FORMAT' | 'NOT_SEALED' | 'OTHER_KEY', message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Whether a text can be a key: 32 bytes in base64 or base64url. */
export function isSecretsKey(text: string): boolean {
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) && Buffer.from(text, 'base64').length === keyBytes;
}

/**
 * Seals what must not be read on its way or at rest, as compact JWE (`dir`, `A256GCM`) whose `kid` is the first 8 hex digits of the
 * key's SHA-256. Whoever has the same key opens it. Texts never appear in errors.
 */
export class Secrets {
  /** Imported once: of bytes it would be for each text. */
  private readonly key: Promise<webcrypto.CryptoKey>;
  private readonly kid: string;
  private readonly fingerprintKey: Uint8Array;

  /** @throws SecretsError `KEY_FORMAT` unless `keyBase64` is 32 bytes in base64 */
  constructor(keyBase64: string) {
    if (!isSecretsKey(keyBase64)) throw new SecretsError('KEY_FORMAT', `a secrets key is ${keyBytes} bytes in base64`);
    const key = new Uint8Array(Buffer.from(keyBase64, 'base64'));
    this.key = crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
    this.kid = createHash('sha256').update(key).digest('hex').slice(0, 8);
    this.fingerprintKey = new Uint8Array(hkdfSync('sha256', key, '', 'trunkline/fingerprint', keyBytes));
  }

  async seal(value: object): Promise<string> {
    return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(value)))
      .setProtectedHeader({ alg: management, enc: encryption, kid: this.kid })
      .encrypt(await this.key);
  }

  /** @throws SecretsError `OTHER_KEY`, `NOT_SEALED` */
  async open(jwe: string): Promise<Record<string, unknown>> {
    const kid = kidOf(jwe);
    if (kid !== this.kid) throw new SecretsError('OTHER_KEY', `sealed with key ${kid}, the key here is ${this.kid}`);
    try {
      const { plaintext } = await compactDecrypt(jwe, await this.key, { keyManagementAlgorithms: [management], contentEncryptionAlgorithms: [encryption] });
      const value: unknown = JSON.parse(new TextDecoder().decode(plaintext));
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    } catch (cause) {
      throw new SecretsError('NOT_SEALED', 'the sealed text was changed or cut', { cause });
    }
    throw new SecretsError('NOT_SEALED', 'what was sealed is no object');
  }

  /** HMAC-SHA-256 in hex, with a key of its own: equal JSON values give equal fingerprints, which tell nothing about the value. */
  fingerprint(value: unknown): string {
    return createHmac('sha256', this.fingerprintKey).update(canonicalJson(value)).digest('hex');
  }
}

function kidOf(jwe: string): string {
  try {
    const { kid } = decodeProtectedHeader(jwe);
    if (typeof kid === 'string' && /^[0-9a-f]{8}$/.test(kid)) return kid;
  } catch (cause) {
    throw new SecretsError('NOT_SEALED', 'not a compact JWE', { cause });
  }
  throw new SecretsError('NOT_SEALED', 'a sealed text names its key');
}
