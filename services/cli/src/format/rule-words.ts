import type { Price, Refusal } from '@watchbill/core';

type Rule = Refusal['rule'] | 'unknown-person';

const WORDS: Readonly<Record<Rule, string>> = {
  'not-eligible': 'not in the roster',
  'not-a-member': 'not there then: has not joined yet, or has left',
  newcomer: 'a newcomer, who only shadows for now',
  absent: 'away',
  'busy-elsewhere': 'on call elsewhere, or too little rest beside it',
  'has-begun': 'the turn has begun, and stays as it is',
  'not-a-newcomer': 'shadow turns are for newcomers',
  'overlap-or-rest': 'too little rest beside another turn',
  'consecutive-days': 'too many days in a row',
  'consecutive-nights': 'too many nights in a row',
  'consecutive-weekends': 'too many weekends in a row',
  'units-in-7-days': 'too many turns in seven days',
  'hours-in-7-days': 'too many hours in seven days',
  'share-of-time': 'too large a part of the time',
  'unknown-person': 'no longer in the file',
};

/** Why a rule keeps somebody from a turn, in a few words. */
export function ruleWords(rule: Rule): string {
  return WORDS[rule];
}

/** The parts of a price that matter, largest first: `load 210.5, weekends 12, wishes −4`. */
export function priceWords({ load, restDays, recent, wishes }: Price): string {
  const parts: [string, number][] = [
    ['load so far', load],
    ['weekends and holidays', restDays],
    ['these four weeks', recent],
    ['nights and wishes', wishes],
  ];
  return parts
    .filter(([, size]) => Math.abs(size) >= 0.05)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .map(([name, size]) => `${name} ${one(size)}`)
    .join(', ');
}

/** A number with one decimal, none when it is zero, and a true minus. */
export function one(value: number): string {
  const text = (Math.round(Math.abs(value) * 10) / 10).toString();
  return value < 0 && text !== '0' ? `−${text}` : text;
}

/** The same with a sign in front, but for zero. */
export function signedOne(value: number): string {
  const text = one(value);
  return text.startsWith('−') || text === '0' ? text : `+${text}`;
}
