/** A calendar cut into its parts; nothing in them is understood yet. */
export interface CutFeed {
  /** The property lines of each VEVENT, without its alarms. */
  readonly events: readonly (readonly string[])[];
  /** The text of each VTIMEZONE by its TZID. */
  readonly zones: ReadonlyMap<string, string>;
}

export type CutResult =
  | { readonly ok: true; readonly value: CutFeed }
  | { readonly ok: false; readonly outcome: 'not_a_calendar' | 'cut_off' | 'too_many_events' };

export const FEED_MAX_EVENTS = 5_000;

/** What says when somebody is away. The rest is not read, so it can do no harm. */
const WANTED = /^(DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|UID|SEQUENCE|STATUS|TRANSP)[;:]/i;

/**
 * Cuts a calendar into events and zones. It takes what real servers write: any line ends, blank lines, folded lines, a
 * byte order mark, lower-case names. One that is not closed is refused: what is missing would look as if it were gone.
 */
export function cutFeed(bytes: Uint8Array): CutResult {
  const lines = unfold(bytes);
  if (!/^BEGIN:VCALENDAR\s*$/i.test(lines[0] ?? '')) return { ok: false, outcome: 'not_a_calendar' };
  if (!/^END:VCALENDAR\s*$/i.test(lines.at(-1) ?? '')) return { ok: false, outcome: 'cut_off' };
  const events: (readonly string[])[] = [];
  const zones = new Map<string, string>();
  for (let index = 1; index < lines.length; index += 1) {
    const part = /^BEGIN:(VEVENT|VTIMEZONE)\s*$/i.exec(lines[index] ?? '')?.[1]?.toUpperCase();
    if (part === undefined) continue;
    const end = endOfPart(lines, index, part);
    const inner = lines.slice(index + 1, end);
    if (part === 'VEVENT') events.push(ownLines(inner));
    else {
      const id = inner.map((line) => /^TZID[^:]*:(.*)$/i.exec(line)?.[1]?.trim()).find(Boolean);
      if (id !== undefined) {
        zones.set(
          id,
          ['BEGIN:VTIMEZONE', ...inner.map((line) => line.trimEnd()), 'END:VTIMEZONE'].join('\r\n'),
        );
      }
    }
    if (events.length > FEED_MAX_EVENTS) return { ok: false, outcome: 'too_many_events' };
    index = end - (isEnd(lines[end], part) ? 0 : 1);
  }
  return { ok: true, value: { events, zones } };
}

/** Unfolds on bytes, because a line may be folded in the middle of a character; only ASCII is read afterwards. */
function unfold(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const lines: string[][] = [];
  for (const line of text.replace(/^\u00ef\u00bb\u00bf/, '').split(/\r\n|\n|\r/)) {
    if (line.trim() === '') continue;
    const open = lines.at(-1);
    if (/^[ \t]/.test(line) && open !== undefined) open.push(line.slice(1));
    else lines.push([line]);
  }
  return lines.map((parts) => parts.join(''));
}

function isEnd(line: string | undefined, part: string): boolean {
  return line?.trim().toUpperCase() === `END:${part}`;
}

/** Where a part ends: at its END, or where the next one begins without it. */
function endOfPart(lines: readonly string[], begin: number, part: string): number {
  let index = begin + 1;
  for (; index < lines.length - 1; index += 1) {
    if (isEnd(lines[index], part) || /^BEGIN:(VEVENT|VTIMEZONE)\s*$/i.test(lines[index] ?? '')) break;
  }
  return index;
}

function ownLines(inner: readonly string[]): string[] {
  let depth = 0;
  return inner.filter((line) => {
    if (/^BEGIN:/i.test(line)) depth += 1;
    const own = depth === 0 && WANTED.test(line);
    if (/^END:/i.test(line)) depth -= 1;
    return own;
  });
}
