import type { Read } from './time-reading.ts';
import type { Token } from './tokens.ts';

const COLON = /^(\d{1,2})[:.h](\d{2})(am|pm)?$/;
const HALF = /^(\d{1,2})(am|pm|a|p)$/;
const HOUR = /^(\d{1,2})h$/;
const BARE = /^\d{1,2}$/;
/** "tomorrow at 9am", "tomorrow from 9am to 11am". */
const BEFORE = new Set(['at', 'from']);
const NAMED = new Map(Object.entries({ noon: 12 * 60, midday: 12 * 60, midnight: 0 }));

/**
 * A time of day in minutes from midnight: `09:00`, `9am`, `9:30 pm`, `18h`, `noon`, `24:00`. A bare `9` could be
 * morning or evening, and says so; `18` could not.
 */
export function readClock(tokens: readonly Token[], from: number): Read<number> {
  const at = BEFORE.has(tokens[from]?.word ?? '') ? from + 1 : from;
  const word = tokens[at]?.word ?? '';
  const named = NAMED.get(word);
  if (named !== undefined) return { value: named, next: at + 1 };
  const following = halfOf(tokens[at + 1]?.word);
  const colon = COLON.exec(word);
  if (colon !== null) {
    const half = halfOf(colon[3]) ?? following;
    const used = colon[3] === undefined && following !== null ? 2 : 1;
    return clock({ hour: Number(colon[1]), minute: Number(colon[2]), half }, word, at + used);
  }
  const glued = HALF.exec(word);
  if (glued !== null) {
    return clock({ hour: Number(glued[1]), minute: 0, half: halfOf(glued[2]) }, word, at + 1);
  }
  const hour = HOUR.exec(word);
  if (hour !== null) return clock({ hour: Number(hour[1]), minute: 0, half: null }, word, at + 1);
  if (!BARE.test(word)) return null;
  if (following !== null) return clock({ hour: Number(word), minute: 0, half: following }, word, at + 2);
  if (Number(word) >= 13 && Number(word) <= 23) return { value: Number(word) * 60, next: at + 1 };
  if (Number(word) > 24) return null;
  return { said: `Is "${word}" in the morning or in the evening? Write ${examples(Number(word))}.` };
}

function examples(hour: number): string {
  if (hour === 0 || hour === 24) return '00:00 or midnight';
  return `${hour}am, ${hour}pm or ${String(hour).padStart(2, '0')}:00`;
}

type Half = 'am' | 'pm';

function halfOf(word: string | undefined): Half | null {
  const plain = word?.replaceAll('.', '');
  if (plain === 'am' || plain === 'a') return 'am';
  return plain === 'pm' || plain === 'p' ? 'pm' : null;
}

function clock(
  read: { readonly hour: number; readonly minute: number; readonly half: Half | null },
  word: string,
  next: number,
): Read<number> {
  const { hour, minute, half } = read;
  const whole = half === null ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
  const wrongHalf = half !== null && (hour < 1 || hour > 12);
  if (wrongHalf || minute > 59 || whole > 24 || (whole === 24 && minute > 0)) {
    return {
      said: `"${word}${half !== null && !word.endsWith('m') ? half : ''}" is no time of day. Write one such as 9:30pm or 21:30.`,
    };
  }
  return { value: whole * 60 + minute, next };
}
