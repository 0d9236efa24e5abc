import type { Problem } from '@watchbill/core';
import type { ContactKind } from '@watchbill/database';

const EMAIL = /^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/u;
/** E.164: a plus, the country, the number. */
const NUMBER = /^\+[1-9]\d{6,14}$/;
const TOPIC = /^[A-Za-z0-9_-]{1,64}$/;
const ADDRESS_LIMIT = 2_000;

/** An address as it is stored and compared: blanks and signs of a number left out, an e-mail in small letters. */
export function plainAddress(kind: ContactKind, text: string): string {
  const trimmed = text.trim();
  switch (kind) {
    case 'email':
      return trimmed.toLowerCase();
    case 'sms':
    case 'voice':
      return trimmed.replace(/[\s().-]/g, '').replace(/^00/, '+');
    default:
      return trimmed;
  }
}

/** What is wrong with an address, or null. `address` as `plainAddress` gives it. */
export function addressProblem(kind: ContactKind, address: string): Problem | null {
  const problem = (message: string): Problem => ({ path: ['address'], code: 'contact/address', message });
  if (address.length > ADDRESS_LIMIT) return problem(`An address has at most ${ADDRESS_LIMIT} characters.`);
  switch (kind) {
    case 'email':
      return EMAIL.test(address) ? null : problem('Give an e-mail address such as amara@example.com.');
    case 'sms':
    case 'voice':
      return NUMBER.test(address)
        ? null
        : problem('Give a number with its country, such as +44 1632 960961.');
    case 'ntfy':
      return TOPIC.test(address)
        ? null
        : problem(
            'Give a topic of ntfy: letters, digits, - and _, at most 64; choose one that nobody guesses.',
          );
    case 'webhook':
      return URL.canParse(address) && ['http:', 'https:'].includes(new URL(address).protocol)
        ? null
        : problem('Give an address that begins with https://.');
  }
}
