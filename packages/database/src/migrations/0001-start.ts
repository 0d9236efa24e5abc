/** The first shape of the database. Every table lives in the schema `watchbill`; instants have millisecond precision. */
export const start = {
  name: '0001-start',
  sql: `
-- The clock of everything that is due. One row makes it run faster (demonstrations, tests); none means real time.
CREATE TABLE watchbill.clock (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  real_origin timestamptz NOT NULL,
  virtual_origin timestamptz NOT NULL,
  factor double precision NOT NULL CHECK (factor > 0 AND factor <= 100000)
);

-- STABLE, so that an index can be searched by it: each statement reads the clock anew.
CREATE FUNCTION watchbill.clock_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT date_trunc('milliseconds', coalesce(
    (SELECT virtual_origin + (clock_timestamp() - real_origin) * factor FROM watchbill.clock),
    clock_timestamp()))
$$;

-- What managers configure ------------------------------------------------------------------------------------

CREATE TABLE watchbill.people (
  id text PRIMARY KEY,
  name text NOT NULL,
  email text,
  time_zone text NOT NULL,
  definition jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE watchbill.teams (
  id text PRIMARY KEY,
  name text NOT NULL,
  definition jsonb NOT NULL,
  updated_at timestamptz NOT NULL
);

-- One row for each applied file that changed something: who applied what, and when.
CREATE TABLE watchbill.configuration_revisions (
  revision bigint PRIMARY KEY,
  source text NOT NULL,
  applied_by text NOT NULL,
  applied_at timestamptz NOT NULL
);

CREATE TABLE watchbill.schedules (
  id text PRIMARY KEY,
  team text,
  time_zone text NOT NULL,
  revision integer NOT NULL,
  -- Shifts that start before this instant are stored; null until the first one is.
  horizon_until timestamptz,
  retired_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- The meaning of a schedule from effective_at on, without its overrides. The past is never re-planned.
CREATE TABLE watchbill.schedule_revisions (
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  revision integer NOT NULL,
  configuration_revision bigint NOT NULL,
  effective_at timestamptz NOT NULL,
  definition jsonb NOT NULL,
  holidays jsonb NOT NULL,
  PRIMARY KEY (schedule_id, revision)
);

-- Overrides of the file and of people alike; sequence is the order of creation, and the later one wins.
CREATE TABLE watchbill.overrides (
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  id text NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  origin text NOT NULL CHECK (origin IN ('file', 'api')),
  role text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('replace', 'add', 'remove')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  people text[] NOT NULL,
  replaces text,
  reason text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  cancelled_at timestamptz,
  PRIMARY KEY (schedule_id, id),
  CHECK (starts_at < ends_at)
);
CREATE INDEX overrides_live ON watchbill.overrides (schedule_id, ends_at) WHERE cancelled_at IS NULL;

-- The resolved truth, as resolveTimeline says -----------------------------------------------------------------

CREATE TABLE watchbill.shifts (
  id text PRIMARY KEY,
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  role text NOT NULL,
  seat text NOT NULL,
  person text NOT NULL,
  rotation text,
  override text,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'cancelled')),
  -- Counts the changes of this shift, for calendars (iCalendar SEQUENCE).
  sequence integer NOT NULL DEFAULT 0,
  revision integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CHECK (starts_at < ends_at),
  -- Two people can never sit on one seat at once: the database itself refuses it.
  CONSTRAINT one_person_a_seat EXCLUDE USING gist (
    schedule_id WITH =, role WITH =, seat WITH =, tstzrange(starts_at, ends_at) WITH &&
  ) WHERE (status = 'active') DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX shifts_by_end ON watchbill.shifts (schedule_id, ends_at) WHERE status = 'active';
CREATE INDEX shifts_by_start ON watchbill.shifts (schedule_id, role, starts_at) WHERE status = 'active';
CREATE INDEX shifts_cancelled ON watchbill.shifts (schedule_id, ends_at) WHERE status = 'cancelled';
CREATE INDEX shifts_by_person ON watchbill.shifts (person, ends_at);

CREATE TABLE watchbill.gaps (
  id text PRIMARY KEY,
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  role text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  found_at timestamptz NOT NULL,
  closed_at timestamptz,
  CHECK (starts_at < ends_at)
);
CREATE INDEX gaps_open ON watchbill.gaps (schedule_id, starts_at) WHERE closed_at IS NULL;

-- What falls due, by the database's clock ---------------------------------------------------------------------

-- One row for each thing that happens at an instant. rank orders what is due at the same instant:
-- an end before a handoff before a start. fired: claimed as due; applied: its events are written.
CREATE TABLE watchbill.boundaries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  due_at timestamptz NOT NULL,
  rank smallint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('shift.ended', 'handoff.completed', 'shift.started', 'shift.starting_soon')),
  shift_id text REFERENCES watchbill.shifts,
  detail jsonb NOT NULL DEFAULT '{}',
  revision integer NOT NULL,
  fired_at timestamptz,
  applied_at timestamptz
);
CREATE INDEX boundaries_unfired ON watchbill.boundaries (schedule_id, due_at) WHERE fired_at IS NULL;
CREATE INDEX boundaries_unapplied ON watchbill.boundaries (schedule_id, due_at, rank, id)
  WHERE fired_at IS NOT NULL AND applied_at IS NULL;
CREATE INDEX boundaries_applied ON watchbill.boundaries (applied_at) WHERE applied_at IS NOT NULL;

-- The row the ticker locks, so that it never waits for a worker that holds the schedule itself.
-- next_due_at: the earliest un-fired boundary. wake_at: when to wake the worker again if nothing was applied by then.
CREATE TABLE watchbill.schedule_cursors (
  schedule_id text PRIMARY KEY REFERENCES watchbill.schedules,
  next_due_at timestamptz,
  wake_at timestamptz
);
CREATE INDEX schedule_cursors_due ON watchbill.schedule_cursors (next_due_at) WHERE next_due_at IS NOT NULL;
CREATE INDEX schedule_cursors_wake ON watchbill.schedule_cursors (wake_at) WHERE wake_at IS NOT NULL;

-- What happened, and who is told ------------------------------------------------------------------------------

-- sequence is the order of writing; position is the order of the stream, given once, when the event is fanned out.
CREATE TABLE watchbill.events (
  id text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  key text NOT NULL UNIQUE,
  type text NOT NULL,
  schedule_id text,
  occurred_at timestamptz NOT NULL,
  published_at timestamptz NOT NULL,
  data jsonb NOT NULL,
  position bigint UNIQUE
);
CREATE INDEX events_unpositioned ON watchbill.events (sequence) WHERE position IS NULL;
CREATE INDEX events_by_schedule ON watchbill.events (schedule_id, position);

CREATE TABLE watchbill.stream_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  position bigint NOT NULL,
  -- When to wake the fan-out again if events still have no position by then.
  wake_at timestamptz
);
INSERT INTO watchbill.stream_head (position) VALUES (0);

CREATE TABLE watchbill.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text NOT NULL UNIQUE,
  queue text NOT NULL,
  name text NOT NULL,
  payload jsonb NOT NULL,
  traceparent text,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  published_at timestamptz
);
CREATE INDEX outbox_unpublished ON watchbill.outbox (id) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON watchbill.outbox (published_at) WHERE published_at IS NOT NULL;

CREATE FUNCTION watchbill.notify_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('watchbill_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER outbox_notify AFTER INSERT ON watchbill.outbox
  FOR EACH STATEMENT EXECUTE FUNCTION watchbill.notify_outbox();

-- Webhook endpoints. event_types may end in '*'; null schedule_ids means every schedule.
CREATE TABLE watchbill.endpoints (
  id text PRIMARY KEY,
  url text NOT NULL,
  description text NOT NULL DEFAULT '',
  event_types text[] NOT NULL,
  schedule_ids text[],
  -- [{ "secret": "whsec_…", "expiresAt": ISO | null }], newest first; two while a secret is being rotated.
  secrets jsonb NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  disabled_reason text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- One event to one endpoint. Everything about sending runs on real time, not on the schedule's clock.
CREATE TABLE watchbill.deliveries (
  id text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  endpoint_id text NOT NULL REFERENCES watchbill.endpoints,
  event_id text NOT NULL REFERENCES watchbill.events,
  lane text NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'succeeded', 'failed', 'cancelled')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  replay_of text REFERENCES watchbill.deliveries,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz
);
CREATE UNIQUE INDEX deliveries_once ON watchbill.deliveries (endpoint_id, event_id) WHERE replay_of IS NULL;
CREATE INDEX deliveries_pending ON watchbill.deliveries (endpoint_id, lane, sequence) WHERE status = 'pending';
CREATE INDEX deliveries_by_endpoint ON watchbill.deliveries (endpoint_id, sequence);
CREATE INDEX deliveries_by_event ON watchbill.deliveries (event_id);

-- A lane is the line of deliveries of one schedule to one endpoint: sent one after another, by one worker at a time.
CREATE TABLE watchbill.delivery_lanes (
  endpoint_id text NOT NULL REFERENCES watchbill.endpoints,
  lane text NOT NULL,
  wake_at timestamptz,
  lease_token text,
  leased_until timestamptz,
  PRIMARY KEY (endpoint_id, lane)
);
CREATE INDEX delivery_lanes_wake ON watchbill.delivery_lanes (wake_at) WHERE wake_at IS NOT NULL;

CREATE TABLE watchbill.attempts (
  delivery_id text NOT NULL REFERENCES watchbill.deliveries,
  number integer NOT NULL,
  started_at timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  outcome text NOT NULL,
  status_code integer,
  response_excerpt text,
  error text,
  PRIMARY KEY (delivery_id, number)
);

-- Doors ---------------------------------------------------------------------------------------------------------

CREATE TABLE watchbill.api_tokens (
  id text PRIMARY KEY,
  name text NOT NULL,
  hash bytea NOT NULL UNIQUE,
  scopes text[] NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- A secret calendar address: of one schedule or of one person.
CREATE TABLE watchbill.feeds (
  id text PRIMARY KEY,
  hash bytea NOT NULL UNIQUE,
  schedule_id text REFERENCES watchbill.schedules,
  person text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  CHECK ((schedule_id IS NULL) <> (person IS NULL))
);

-- The stored answer of a command that was sent with an Idempotency-Key.
CREATE TABLE watchbill.idempotency_keys (
  actor text NOT NULL,
  key text NOT NULL,
  command text NOT NULL,
  input_hash text NOT NULL,
  result jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_age ON watchbill.idempotency_keys (created_at);
`,
} as const;
