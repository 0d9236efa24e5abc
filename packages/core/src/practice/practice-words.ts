import { HOUR_MS } from '../time/interval.ts';
import { showLength } from '../time/show.ts';
import type { NotKnownReason, PracticeFinding } from './practice.ts';
import type { PracticeLimit, PracticeRule } from './rule-packs.ts';

/** What a finding says of its person or schedule: `is on call 9 days in a row, more than 7`. */
export function practiceWords({ rule: { limit }, measured, times, of, about }: PracticeFinding): string {
  const often = times > 1 ? `${times} times ` : '';
  switch (limit.kind) {
    case 'rest':
      return `has ${often}less than ${limit.hours} h between turns, at least ${hoursOf(measured)}`;
    case 'free-stretch':
      return `has ${often}no ${limit.hours} h off call in ${limit.inDays} days`;
    case 'rest-after-night':
      return `has ${often}less than ${limit.hours} h off after a night, at least ${hoursOf(measured)}`;
    case 'rest-after-nights':
      return `has ${often}less than ${limit.hours} h off after ${limit.nights} or more nights in a row, at least ${hoursOf(measured)}`;
    case 'night-length':
      return `has ${often}a turn with a night in it of more than ${limit.hours} h, at most ${hoursOf(measured)}`;
    case 'share-of-time':
      return `is on call ${Math.round(measured)} % of the time, more than ${limit.percent} %`;
    case 'every-holiday':
      return `is on call on every one of their ${measured} public holidays`;
    case 'same-holiday':
      return `is on call on ${measured === 1 ? 'the same public holiday' : `${measured} public holidays`} as the year before, ${about}`;
    case 'published-ahead':
      return `publishes its plan ${measured} days ahead, less than ${limit.days}`;
    case 'told-ahead':
      return `lets turns change freely up to ${measured} days ahead, less than ${limit.days}`;
    case 'handoff-hours':
      return `hands over outside the working hours of one of both, ${measured} of ${of} times`;
    default:
      return countWords(limit, measured, of);
  }
}

type CountLimit = Exclude<
  PracticeLimit,
  {
    readonly kind:
      | 'rest'
      | 'free-stretch'
      | 'rest-after-night'
      | 'rest-after-nights'
      | 'night-length'
      | 'share-of-time'
      | 'every-holiday'
      | 'same-holiday'
      | 'published-ahead'
      | 'told-ahead'
      | 'handoff-hours';
  }
>;

function countWords(limit: CountLimit, measured: number, of: number | undefined): string {
  switch (limit.kind) {
    case 'days-in-a-row':
      return `is on call ${measured} days in a row, more than ${limit.days}`;
    case 'nights-in-a-row':
      return `is on call ${measured} nights in a row, more than ${limit.nights}`;
    case 'weekends-in-a-row':
      return `is on call ${measured} weekends in a row, more than ${limit.weekends}`;
    case 'days-in-period':
      return `is on call on ${measured} of ${limit.inDays} days, more than ${limit.days}`;
    case 'nights-in-period':
      return `is on call on ${measured} nights of ${limit.inDays} days, more than ${limit.nights}`;
    case 'sundays':
      return `is on call on ${measured} Sundays of ${limit.inDays / 7} weeks, more than ${limit.sundays}`;
    case 'weekends':
      return `is on call on ${measured} of ${limit.of} weekends, more than ${limit.weekends}`;
    case 'free-blocks':
      return `has ${measured} of ${limit.blocks} free blocks of ${limit.daysEach} days in ${limit.inDays} days`;
    case 'week-hours':
      return `is on call ${Math.round(measured)} h a week on the mean of ${limit.inDays / 7} weeks, more than ${limit.hours}`;
    case 'night-weeks':
      return `is on call on ${of} nights of ${limit.inDays} days beside a working week of ${measured} h, more than ${limit.workHours}`;
    case 'pages-per-shift':
      return `is paged up to ${measured} times within ${limit.inHours} h, more than ${limit.pages}`;
  }
}

function hoursOf(hours: number): string {
  return showLength(hours * HOUR_MS);
}

/** Why a rule could not be looked at. */
export function notKnownWords({ id, limit }: PracticeRule, reason: NotKnownReason): string {
  switch (reason) {
    case 'no-past':
      return `${id} is not known: too little is known of the year before`;
    case 'no-pages':
      return `${id} is not known: nobody has counted pages`;
    case 'window-too-short':
      return 'inDays' in limit
        ? `${id} is not known: it is a mean of ${limit.inDays / 7} weeks, and fewer are looked at`
        : `${id} is not known: too few weeks are looked at`;
  }
}
