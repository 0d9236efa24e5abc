import { type Instant, isZone, toUtc } from '@watchbill/core';
import ICAL from 'ical.js';
import { type FeedTime, UnreadableEventError, UTC_ZONE } from './read-feed-event.ts';

export type InstantOf = (time: FeedTime) => Instant;

/** An IANA name that some products wrap: `/mozilla.org/20050126_1/Europe/Berlin`. */
const MAX_NAME_PARTS = 3;

/**
 * A converter for the times of one calendar. Dates and times without a zone are in `homeZone`. A TZID that is an IANA
 * name follows the IANA rules; any other follows the calendar's VTIMEZONE. It throws UnreadableEventError for a zone
 * that nobody defines.
 */
export function feedZones(definitions: ReadonlyMap<string, string>, homeZone: string): InstantOf {
  const known = new Map<string, ICAL.Timezone | string>();
  const zoneFor = (id: string): ICAL.Timezone | string => {
    const zone = known.get(id) ?? ianaName(id) ?? definedZone(id, definitions.get(id));
    known.set(id, zone);
    return zone;
  };
  return ({ wallMs, zone: id }) => {
    if (id === UTC_ZONE) return wallMs;
    const zone = id === null ? homeZone : zoneFor(id);
    if (typeof zone === 'string') return toUtc(wallMs, zone, 'first');
    const time = ICAL.Time.fromDateTimeString(new Date(wallMs).toISOString().slice(0, 19));
    time.zone = zone;
    return time.toUnixTime() * 1_000;
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

function definedZone(id: string, definition: string | undefined): ICAL.Timezone {
  if (definition === undefined) throw new UnreadableEventError('its time zone is unknown');
  try {
    const parsed = ICAL.parse(definition) as ConstructorParameters<typeof ICAL.Component>[0];
    return new ICAL.Timezone({ component: new ICAL.Component(parsed), tzid: id });
  } catch {
    throw new UnreadableEventError('its time zone cannot be read');
  }
}
