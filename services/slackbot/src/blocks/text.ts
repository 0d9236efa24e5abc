import { type Instant, localDay, showDay, showTime, type ZoneName } from '@watchbill/core';

/** What Slack takes at most, in characters. */
export const TEXT_LIMITS = {
  section: 3_000,
  header: 150,
  button: 75,
  option: 75,
  value: 2_000,
  optionValue: 150,
  title: 24,
  placeholder: 150,
  label: 200,
  /** Notifications and screen readers get all of it. */
  message: 3_000,
} as const;

const ENTITIES = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
] as const;

/** Text of people's inside mrkdwn: nothing in it is a mention or a link. */
export function escapeText(text: string): string {
  return ENTITIES.reduce((result, [sign, entity]) => result.replaceAll(sign, entity), text);
}

/** At most `most` characters; what is cut off leaves `…`, and no half of a character. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** Escaped text of at most `most` characters, in which no entity is cut in two. */
export function escapeWithin(text: string, most: number): string {
  const whole = escapeText(text);
  if (whole.length <= most) return whole;
  let result = '';
  for (const sign of text) {
    const next = escapeText(sign);
    if (result.length + next.length > most - 1) break;
    result += next;
  }
  return `${result}…`;
}

/** Mrkdwn of at most `most` characters, cut at a line's end if there is one near, and never inside `<…>`. */
export function clipMrkdwn(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 2);
  const line = cut.lastIndexOf('\n');
  const near = line > most / 2 ? cut.slice(0, line) : cut;
  const open = near.lastIndexOf('<');
  const whole = open > near.lastIndexOf('>') ? near.slice(0, open) : near;
  const entity = whole.lastIndexOf('&');
  const safe = entity >= 0 && !whole.slice(entity).includes(';') ? whole.slice(0, entity) : whole;
  return `${safe}\n…`;
}

/** `Mon 23 Nov 09:00` in a zone that stands elsewhere; with the year where it is not this one. */
export function shortTime(at: Instant, zone: ZoneName): string {
  return `${showDay(localDay(at, zone)).replace(/ \d{4}$/, '')} ${showTime(at, zone)}`;
}

/** `Mon 23 Nov 2026 09:00 Europe/London`: for texts in which Slack does not turn times. */
export function plainTime(at: Instant, zone: ZoneName): string {
  return `${showDay(localDay(at, zone))} ${showTime(at, zone)} ${zone}`;
}

/** A time that Slack shows in each reader's own zone; where it cannot, in `zone`, with its name. Only for mrkdwn. */
export function time(at: Instant, zone: ZoneName): string {
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time}|${escapeText(plainTime(at, zone))}>`;
}

/** `from – to`, in each reader's own zone. */
export function timeSpan(span: { readonly start: Instant; readonly end: Instant }, zone: ZoneName): string {
  return `${time(span.start, zone)} – ${time(span.end, zone)}`;
}

/** `Mon 23 Nov 09:00 – Tue 24 Nov 09:00`, or `Mon 23 Nov 09:00 – 17:00` on one day. */
export function shortSpan(span: { readonly start: Instant; readonly end: Instant }, zone: ZoneName): string {
  const sameDay = localDay(span.start, zone) === localDay(span.end, zone);
  const end = sameDay ? showTime(span.end, zone) : shortTime(span.end, zone);
  return `${shortTime(span.start, zone)} – ${end}`;
}

/** `1 shift`, `2 shifts`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[], last = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
