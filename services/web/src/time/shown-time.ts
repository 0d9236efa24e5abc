/** How instants are shown: always in a named zone. Formatters are kept, since making one is slow. */

const MAX_FORMATTERS = 200;
const formatters = new Map<string, Intl.DateTimeFormat>();

const FORMS = {
  /** Mon 23 Nov, 09:00 */
  moment: {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  },
  /** Monday 23 November 2026, 09:00 */
  whole: {
    ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  },
  /** 09:00 */
  clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  /** Mon 23 */
  day: { weekday: 'short', day: 'numeric' },
  /** 23 */
  number: { day: 'numeric' },
  /** Mon 23 Nov */
  date: { weekday: 'short', day: 'numeric', month: 'short' },
  /** Mon 23 Nov 2026 */
  dateOfYear: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
  /** 2026 */
  year: { year: 'numeric' },
  /** November 2026 */
  month: { month: 'long', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

export type TimeForm = keyof typeof FORMS;

/** An instant (epoch milliseconds or ISO text) in a zone, in one of a few forms. */
export function shownTime(instant: number | string, zone: string, form: TimeForm = 'moment'): string {
  const key = `${form} ${zone}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    if (formatters.size >= MAX_FORMATTERS) formatters.clear();
    formatter = new Intl.DateTimeFormat('en-GB', { ...FORMS[form], timeZone: zone });
    formatters.set(key, formatter);
  }
  return formatter.format(typeof instant === 'string' ? Date.parse(instant) : instant);
}

/** `Europe/London (UTC+1)`: a zone by its name, with its offset at an instant. */
export function zoneLabel(zone: string, offsetMs: number): string {
  return zone === 'UTC' ? 'UTC' : `${zone.replaceAll('_', ' ')} (${offsetLabel(offsetMs)})`;
}

/** `UTC+5:30` */
export function offsetLabel(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  if (minutes === 0) return 'UTC';
  return `UTC${offsetMs < 0 ? '−' : '+'}${hours}${rest}`;
}

/** `2 d 3 h`, `45 min`: how long, at most two units. */
export function shownDuration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return rest > 0 ? `${hours} h ${rest} min` : `${hours} h`;
  return `${rest} min`;
}

/** The zone of this browser. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
