import type { Instant } from '@watchbill/core';
import { isZone, toUtc } from '@watchbill/core';
import ICAL from 'ical.js';
import type { CalendarTime } from './read-event.ts';
import { Unreadable, UTC_TIME } from './read-event.ts';

/** How the times of one calendar become instants. Throws Unreadable for a zone that nobody defines. */
export type InstantOf = (time: CalendarTime) => Instant;

/** An IANA name that some products wrap: `/mozilla.org/20050126_1/Europe/Berlin`. */
const MAX_NAME_PARTS = 3;

/**
 * A converter for the times of a calendar. Dates and times without a zone are in `homeZone`. A TZID that is an
 * IANA name follows the IANA rules, whatever the file's VTIMEZONE says; any other follows its VTIMEZONE.
 */
export function zonesOf(definitions: ReadonlyMap<string, string>, homeZone: string): InstantOf {
  const custom = new Map<string, ICAL.Timezone | string>();
  const zoneFor = (id: string): ICAL.Timezone | string => {
    const known = custom.get(id) ?? ianaName(id) ?? customZone(id, definitions.get(id));
    custom.set(id, known);
    return known;
  };
  return (time) => {
    if (time.zone === UTC_TIME) return time.wallMs;
    const zone = time.zone === null ? homeZone : zoneFor(time.zone);
    return typeof zone === 'string' ? toUtc(time.wallMs, zone, 'first') : customInstant(time.wallMs, zone);
  };
}

function ianaName(id: string): string | null {
  const parts = id.split('/').filter((part) => part !== '');
  for (let from = Math.max(0, parts.length - MAX_NAME_PARTS); from < parts.length; from += 1) {
    const name = parts.slice(from).join('/');
    if (isZone(name)) return name;
  }
  return null;
}

function customZone(id: string, definition: string | undefined): ICAL.Timezone {
  if (definition === undefined)
    throw new Unreadable(`its time zone "${id}" is neither known nor in the file`);
  try {
    const component = new ICAL.Component(
      ICAL.parse(definition) as ConstructorParameters<typeof ICAL.Component>[0],
    );
    return new ICAL.Timezone({ component, tzid: id });
  } catch {
    throw new Unreadable(`the file's definition of its time zone "${id}" cannot be read`);
  }
}

function customInstant(wallMs: number, zone: ICAL.Timezone): Instant {
  const text = new Date(wallMs).toISOString().slice(0, 19);
  const time = ICAL.Time.fromDateTimeString(text);
  time.zone = zone;
  return time.toUnixTime() * 1_000;
}
