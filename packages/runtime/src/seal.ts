import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';
const KEY_ID_LENGTH = 12;

/** Keys of 32 bytes: the first one seals, every one opens. Never empty. */
export type SealKeys = readonly [Uint8Array, ...Uint8Array[]];

/** The keys of the settings, or null when there are none. */
export function sealKeysOf(keys: readonly Uint8Array[]): SealKeys | null {
  const [first, ...others] = keys;
  return first === undefined ? null : [first, ...others];
}

/** A sealed text that none of our keys opens: another key, or not what we wrote. */
export class SealError extends Error {}

/**
 * Encrypts and authenticates a text with the first key. `about` is bound to it: what was sealed for one thing, say a
 * workspace, cannot be opened as another one's.
 */
export function seal(text: string, about: string, keys: SealKeys): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, keys[0], nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const parts = [nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url'));
  return [VERSION, keyId(keys[0]), ...parts].join('.');
}

/** The text again. @throws {SealError} when no key opens it. */
export function unseal(sealed: string, about: string, keys: SealKeys): string {
  const [version, id, ...parts] = sealed.split('.');
  const [nonce, tag, body] = parts.map((part) => Buffer.from(part, 'base64url'));
  const key = keys.find((each) => keyId(each) === id);
  if (version !== VERSION || nonce === undefined || tag === undefined || body === undefined) {
    throw new SealError('This is not a sealed text.');
  }
  if (key === undefined) {
    throw new SealError('The key that sealed this is not in WATCHBILL_SECRET_KEY any more.');
  }
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(about));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch {
    throw new SealError('The sealed text was changed, or belongs to something else.');
  }
}

/** Whether a text is sealed with a key that is not the first one any more. */
export function isSealedWithOldKey(sealed: string, keys: SealKeys): boolean {
  return sealed.split('.')[1] !== keyId(keys[0]);
}

/** Names a key without telling it. */
function keyId(key: Uint8Array): string {
  return createHash('sha256').update('watchbill.seal').update(key).digest('hex').slice(0, KEY_ID_LENGTH);
}
