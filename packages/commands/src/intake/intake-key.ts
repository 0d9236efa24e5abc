import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const RANDOM_CHARACTERS = 29;
const KEY = /^wbi[0-9a-z]{29}$/;

/**
 * A new key of an intake or a heartbeat: `wbi` and 145 random bits, 32 lower-case letters and digits in all, because
 * senders insist on the length of the keys they know.
 */
export function newIntakeKey(): string {
  return `wbi${Array.from(randomBytes(RANDOM_CHARACTERS), (byte) => ALPHABET.charAt(byte % 32)).join('')}`;
}

/** Whether a text has the form of a key. Says nothing about whether there is such a key. */
export function looksLikeIntakeKey(text: string): boolean {
  return KEY.test(text);
}
