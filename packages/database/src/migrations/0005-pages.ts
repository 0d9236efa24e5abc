/** Escalation policies, pages, the steps they took, and the notifications of people. */
export const pages = {
  name: '0005-pages',
  sql: `
CREATE TABLE watchbill.escalation_policies (
  id text PRIMARY KEY,
  name text NOT NULL,
  -- As the file has it, and as it was checked.
  definition jsonb NOT NULL,
  policy jsonb NOT NULL,
  -- Of the configuration that last changed it.
  revision bigint NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Every instant of a page is real time: people wait for an answer by their own clocks, whatever the schedules' clock.
CREATE TABLE watchbill.pages (
  id text PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  -- Who sent it; null: a person, or a program by the API.
  intake text,
  dedup_key text NOT NULL,
  -- Stands for many signals that came in a storm.
  folds boolean NOT NULL DEFAULT false,
  -- The id of a policy of the configuration, or 'schedule.<id>' for the default policy of a schedule.
  policy_key text NOT NULL,
  policy_id text,
  schedule_id text,
  -- As it was when the page was triggered: a later change of the configuration does not touch an open page.
  policy jsonb NOT NULL,
  assigned_to text,
  summary text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('critical', 'error', 'warning', 'info')),
  urgency text NOT NULL CHECK (urgency IN ('high', 'low')),
  source text,
  details jsonb,
  links jsonb NOT NULL DEFAULT '[]',
  state text NOT NULL CHECK (state IN ('triggered', 'acknowledged', 'resolved')),
  -- Counts every stored change but repeats.
  version integer NOT NULL DEFAULT 1,
  -- Signals after the first: of the same key, and of others that were folded into this page.
  repeats integer NOT NULL DEFAULT 0,
  folded integer NOT NULL DEFAULT 0,
  last_triggered_at timestamptz NOT NULL,
  -- Where it stands in its policy.
  phase text NOT NULL CHECK (phase IN ('stepping', 'seeking', 'ended')),
  round integer NOT NULL,
  pass integer NOT NULL,
  step integer NOT NULL,
  fired integer NOT NULL,
  reached boolean NOT NULL,
  step_at timestamptz,
  snoozed_until timestamptz,
  retrigger_at timestamptz,
  -- The earliest of those that matters in this state, and when to wake the worker for it (again).
  due_at timestamptz,
  wake_at timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  acknowledged_at timestamptz,
  acknowledged_by text,
  acknowledged_actor text,
  acknowledged_via text,
  -- Of the first time, for the time to an answer.
  first_acknowledged_at timestamptz,
  resolved_at timestamptz,
  resolved_by text,
  resolved_actor text,
  resolved_via text,
  -- When a person last asked for the next step, so that a second click does not skip one.
  escalated_at timestamptz,
  escalated_by text
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX pages_open_key ON watchbill.pages (coalesce(intake, ''), dedup_key) WHERE state <> 'resolved';
CREATE UNIQUE INDEX pages_storm ON watchbill.pages (coalesce(intake, ''), policy_key, severity)
  WHERE folds AND state <> 'resolved';
CREATE INDEX pages_wake ON watchbill.pages (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX pages_open ON watchbill.pages (number) WHERE state <> 'resolved';
CREATE INDEX pages_by_schedule ON watchbill.pages (schedule_id, number);
CREATE INDEX pages_resolved ON watchbill.pages (resolved_at) WHERE state = 'resolved';
CREATE INDEX pages_created ON watchbill.pages (created_at);

-- The other signals that a page of a storm stands for, up to a limit.
CREATE TABLE watchbill.page_folds (
  page_id text NOT NULL REFERENCES watchbill.pages ON DELETE CASCADE,
  intake text NOT NULL,
  dedup_key text NOT NULL,
  summary text NOT NULL,
  repeats integer NOT NULL DEFAULT 0,
  resolved_at timestamptz,
  open boolean NOT NULL DEFAULT true,
  PRIMARY KEY (page_id, dedup_key)
);
CREATE UNIQUE INDEX page_folds_open ON watchbill.page_folds (intake, dedup_key) WHERE open;

-- New pages of one sender for one policy in the running minute.
CREATE TABLE watchbill.page_rates (
  intake text NOT NULL,
  policy_key text NOT NULL,
  window_started_at timestamptz NOT NULL,
  count integer NOT NULL,
  PRIMARY KEY (intake, policy_key)
);

-- One row for each step that fired. The key is the fence: no step of a page is ever written twice.
CREATE TABLE watchbill.page_steps (
  page_id text NOT NULL REFERENCES watchbill.pages ON DELETE CASCADE,
  number integer NOT NULL,
  round integer NOT NULL,
  pass integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('step', 'assigned', 'last_resort')),
  step integer NOT NULL,
  fired_at timestamptz NOT NULL,
  late_ms integer NOT NULL,
  -- [{ person, schedule, role }], the targets that are no people, and the steps that were passed over before.
  told jsonb NOT NULL,
  targets jsonb NOT NULL,
  skipped jsonb NOT NULL,
  PRIMARY KEY (page_id, number)
);

-- The roles that an open page follows: whoever comes on call there is told. one: only one of them at a time.
CREATE TABLE watchbill.page_roles (
  page_id text NOT NULL REFERENCES watchbill.pages ON DELETE CASCADE,
  schedule_id text NOT NULL,
  role text NOT NULL,
  one boolean NOT NULL,
  PRIMARY KEY (page_id, schedule_id, role)
);
CREATE INDEX page_roles_by_schedule ON watchbill.page_roles (schedule_id, page_id);

-- Everything that happened to a page, for people.
CREATE TABLE watchbill.page_log (
  page_id text NOT NULL REFERENCES watchbill.pages ON DELETE CASCADE,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  person text,
  actor text,
  via text,
  detail jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (page_id, sequence)
);

-- Whom a round robin step told last, over all pages of a policy.
CREATE TABLE watchbill.round_robins (
  policy_key text NOT NULL,
  step integer NOT NULL,
  person text NOT NULL,
  PRIMARY KEY (policy_key, step)
);

-- One notice to one person by one way, or to a channel or address that a step names. Real time.
CREATE TABLE watchbill.notifications (
  id text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  page_id text NOT NULL REFERENCES watchbill.pages ON DELETE CASCADE,
  round integer NOT NULL,
  pass integer NOT NULL,
  -- The number of the step that fired; null for a handover.
  number integer,
  reason text NOT NULL CHECK (reason IN ('step', 'handover')),
  person text,
  -- { kind: 'slackChannel', channel } or { kind: 'webhook', url }, where there is no person.
  target jsonb,
  way text,
  contact_method text,
  urgency text NOT NULL CHECK (urgency IN ('high', 'low')),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'failed', 'cancelled')),
  due_at timestamptz NOT NULL,
  -- When to wake whoever sends it (again); null when it is finished.
  wake_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  lease_token text,
  leased_until timestamptz,
  -- How it went last, and what the other side called it.
  outcome text,
  error text,
  receipt text,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  finished_at timestamptz,
  CHECK ((person IS NULL) <> (target IS NULL))
);
CREATE INDEX notifications_of_page ON watchbill.notifications (page_id, sequence);
CREATE INDEX notifications_of_person ON watchbill.notifications (person, page_id) WHERE person IS NOT NULL;
CREATE INDEX notifications_pending ON watchbill.notifications (due_at) WHERE status = 'pending';
CREATE INDEX notifications_wake ON watchbill.notifications (wake_at) WHERE wake_at IS NOT NULL;

-- When some scheduler last looked for what is due, in real time: what the dead man's switch watches.
CREATE TABLE watchbill.scheduler_tick (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  ticked_at timestamptz NOT NULL
);
`,
} as const;
