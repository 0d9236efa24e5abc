import pg from 'pg';

/**
 * How values come back: `timestamptz` as an instant (milliseconds), `bigint` and `numeric` as a number, JSON parsed,
 * everything else as node-postgres has it. Kept beside the pool, so that no other user of `pg` is changed.
 */
export const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (oid === pg.types.builtins.TIMESTAMPTZ) return parseTimestamp;
      if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC) return parseNumber;
    }
    return pg.types.getTypeParser(oid, format ?? 'text');
  }) as typeof pg.types.getTypeParser,
};

const TIMESTAMP = /^(\d{4,6})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?\+00$/;

const FOUR_CENTURIES_MS = 146_097 * 86_400_000;

/** Milliseconds of `2026-11-30 09:00:00.25+00`. Sessions are set to UTC and ISO, so there is no other form. */
export function parseTimestamp(text: string): number {
  const match = TIMESTAMP.exec(text);
  if (match === null) throw new Error(`cannot read the timestamp "${text}" of the database`);
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const milli = Number(fraction.slice(0, 3).padEnd(3, '0'));
  // Date.UTC takes the years 0 to 99 for 1900 to 1999; the calendar repeats itself after 400 years.
  const later = Date.UTC(
    Number(year) + 400,
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    milli,
  );
  return later - FOUR_CENTURIES_MS;
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) && !text.includes('.')) {
    throw new Error(`the number ${text} of the database does not fit into a JavaScript number`);
  }
  return value;
}
