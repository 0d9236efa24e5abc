import { randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const SECRET = /^wbsheet_[A-Za-z0-9_-]{43}$/;

/** The new secret part of a fact sheet's address: `wbsheet_` and 256 random bits. */
export function newFactSheetSecret(): string {
  return `wbsheet_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** Whether a text has the form of the secret part of a fact sheet's address. */
export function looksLikeFactSheetSecret(text: string): boolean {
  return SECRET.test(text);
}
