import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;
const POOL_BYTES = 4096;

let pool = randomBytes(POOL_BYTES);
let used = 0;

/**
 * A new id such as `shf_01jd3v8w0q4m…`: the prefix, then 26 characters of base 32, of which the first ten are the
 * real time in milliseconds, so that ids made later sort later, and sixteen (80 bits) are random.
 */
export function newId(prefix: string): string {
  let time = Date.now();
  let text = '';
  for (let i = 0; i < TIME_CHARACTERS; i += 1) {
    text = ALPHABET.charAt(time % 32) + text;
    time = Math.floor(time / 32);
  }
  if (used + RANDOM_CHARACTERS > POOL_BYTES) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  for (let i = 0; i < RANDOM_CHARACTERS; i += 1) text += ALPHABET.charAt((pool[used + i] ?? 0) % 32);
  used += RANDOM_CHARACTERS;
  return `${prefix}_${text}`;
}
