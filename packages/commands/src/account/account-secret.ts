import { randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
const SESSION = /^wbs_[A-Za-z0-9_-]{43}$/;
const LINK = /^wbl_[A-Za-z0-9_-]{43}$/;

/** How long a session lasts however much it is used, and how long without being used; real time. */
export const SESSION_LIFE_MS = 30 * 24 * 3_600_000;
export const SESSION_IDLE_MS = 7 * 24 * 3_600_000;
/** How long a link that sets a password waits, in real time. */
export const LINK_LIFE_MS = 3 * 24 * 3_600_000;

/** The new secret of a session's cookie: `wbs_` and 256 random bits. */
export function newSessionSecret(): string {
  return `wbs_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** The new secret part of a link that sets a password: `wbl_` and 256 random bits. */
export function newLinkSecret(): string {
  return `wbl_${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** Whether a text has the form of a session's secret. Says nothing about whether there is such a session. */
export function looksLikeSession(text: string): boolean {
  return SESSION.test(text);
}

/** Whether a text has the form of the secret part of a link. */
export function looksLikeLink(text: string): boolean {
  return LINK.test(text);
}
