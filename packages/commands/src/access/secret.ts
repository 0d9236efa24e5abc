import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const TOKEN = /^wb_[A-Za-z0-9_-]{43}$/;
const FEED_SECRET = /^wbf_[A-Za-z0-9_-]{43}$/;

/** A new bearer token: `wb_` and 256 random bits. */
export function newTokenSecret(): string {
  return `wb_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** The new secret part of a calendar address: `wbf_` and 256 random bits. */
export function newFeedSecret(): string {
  return `wbf_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** Whether a text has the form of a token. Says nothing about whether there is such a token. */
export function looksLikeToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Whether a text has the form of the secret part of a calendar address. */
export function looksLikeFeedSecret(text: string): boolean {
  return FEED_SECRET.test(text);
}

/**
 * SHA-256: what is stored of a secret. Looking it up by this hash tells nothing by its duration, since nobody can
 * steer a hash; and 256 random bits need no slow hash.
 */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
