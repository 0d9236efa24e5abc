/** Calendars of absences that are polled: one for each person who has an address in the configuration. */
export const absenceFeeds = {
  name: '0003-absence-feeds',
  sql: `
CREATE TABLE watchbill.absence_feeds (
  person text PRIMARY KEY,
  -- SHA-256 of the address and the person's zone: another one is read anew. The address itself may be a secret.
  url_hash text NOT NULL,
  etag text,
  last_modified text,
  -- By real time. read_at is when the calendar was last read whole and not only found unchanged.
  polled_at timestamptz,
  read_at timestamptz,
  next_poll_at timestamptz NOT NULL,
  outcome text,
  detail text,
  -- In a row, since the last time it went well.
  failures integer NOT NULL DEFAULT 0,
  lease_token text,
  leased_until timestamptz
);
CREATE INDEX absence_feeds_next ON watchbill.absence_feeds (next_poll_at);

-- What names an absence in its feed: SHA-256 of the event's UID and the start.
ALTER TABLE watchbill.absences ADD COLUMN feed_key text;
CREATE INDEX absences_of_feeds ON watchbill.absences (person, ends_at)
  WHERE feed_key IS NOT NULL AND cancelled_at IS NULL;
`,
} as const;
