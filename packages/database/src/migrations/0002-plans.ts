/** The life of plans: what the planner made, what of it counts, who is away, and who has carried how much. */
export const plans = {
  name: '0002-plans',
  sql: `
-- One made plan of all schedules that share people. The file is kept as text, byte for byte.
CREATE TABLE watchbill.plans (
  id text PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('draft', 'published', 'superseded', 'discarded')),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  seed bigint NOT NULL,
  weights jsonb NOT NULL,
  engine text NOT NULL,
  tzdata text NOT NULL,
  input_hash text NOT NULL,
  value double precision,
  bound double precision,
  file text NOT NULL,
  -- Person by unit.
  assignment jsonb NOT NULL,
  -- [{ unit, from, to, reason, rule }]: what differs from the plan that was published when it was made.
  changes jsonb NOT NULL,
  -- The problem that the planner was given, for explanations.
  problem jsonb NOT NULL,
  -- Shifts by schedule and load by person, before and after, as of the making.
  difference jsonb NOT NULL,
  reason text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  published_by text,
  published_at timestamptz
);

-- The schedules of a plan. version counts the plans of a schedule; revision and base are what the plan was made on.
CREATE TABLE watchbill.plan_schedules (
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  version integer NOT NULL,
  plan_id text NOT NULL REFERENCES watchbill.plans,
  revision integer NOT NULL,
  base text,
  -- From when on the turns of the plan count for the schedule.
  counts_from timestamptz NOT NULL,
  in_force boolean NOT NULL DEFAULT false,
  PRIMARY KEY (schedule_id, version),
  UNIQUE (plan_id, schedule_id)
);
CREATE UNIQUE INDEX plan_schedules_in_force ON watchbill.plan_schedules (schedule_id) WHERE in_force;

-- The turns that count: of the published plan, and those that had begun before it.
CREATE TABLE watchbill.planned_turns (
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  unit text NOT NULL,
  rotation text NOT NULL,
  seat integer NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  -- [[start, end], …] in milliseconds since the epoch.
  intervals jsonb NOT NULL,
  -- Null where nobody could be found.
  person text,
  plan_id text NOT NULL REFERENCES watchbill.plans,
  PRIMARY KEY (schedule_id, unit)
);
CREATE INDEX planned_turns_by_end ON watchbill.planned_turns (schedule_id, ends_at);

-- Schedules that are to be planned again. generation grows with each wish, so that none is lost while a plan is made.
CREATE TABLE watchbill.plan_requests (
  schedule_id text PRIMARY KEY REFERENCES watchbill.schedules,
  reason text NOT NULL,
  generation bigint NOT NULL DEFAULT 1,
  requested_at timestamptz NOT NULL,
  -- Why the last try made no plan, and when to try again, by real time.
  failure text,
  retry_at timestamptz
);

CREATE TABLE watchbill.absences (
  id text PRIMARY KEY,
  person text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  reason text,
  origin text NOT NULL CHECK (origin IN ('api', 'feed', 'file')),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  cancelled_at timestamptz,
  CHECK (starts_at < ends_at)
);
CREATE INDEX absences_by_person ON watchbill.absences (person, id);
CREATE INDEX absences_live ON watchbill.absences (person, ends_at) WHERE cancelled_at IS NULL;

-- What each person has carried above (or below) the fair part, in burden units; the balances sum to zero.
CREATE TABLE watchbill.ledger_accounts (
  person text PRIMARY KEY,
  balance double precision NOT NULL,
  closed_until timestamptz NOT NULL
);
-- Each period of a schedule is closed once.
CREATE TABLE watchbill.ledger_closings (
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  closed_at timestamptz NOT NULL,
  PRIMARY KEY (schedule_id, starts_at)
);
CREATE TABLE watchbill.ledger_entries (
  person text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  burden double precision NOT NULL,
  entitlement double precision NOT NULL,
  balance double precision NOT NULL,
  PRIMARY KEY (person, starts_at)
);
`,
} as const;
