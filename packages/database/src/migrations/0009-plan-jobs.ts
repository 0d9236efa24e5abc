/** Plans that are being made for somebody who asked, and what the ledger was closed by. */
export const planJobs = {
  name: '0009-plan-jobs',
  sql: `
CREATE TABLE watchbill.plan_jobs (
  id text PRIMARY KEY,
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  keep text NOT NULL CHECK (keep IN ('all', 'published', 'begun')),
  seed bigint,
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'refused')),
  stage text,
  -- Of the whole plan: 0 to 1. It never goes back, whoever takes the job up again.
  progress double precision NOT NULL DEFAULT 0,
  -- How often it was taken up: one that ends every planner is given up.
  attempts integer NOT NULL DEFAULT 0,
  -- By real time. A job whose lease has run out is taken up by another planner.
  lease_token text,
  leased_until timestamptz,
  -- The plan that came of it, and whether it was new; or { code, reason, message }: why there is none.
  plan_id text REFERENCES watchbill.plans ON DELETE SET NULL,
  plan_version integer,
  made boolean,
  refusal jsonb,
  requested_by text NOT NULL,
  requested_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz
);
CREATE INDEX plan_jobs_open ON watchbill.plan_jobs (id) WHERE state IN ('waiting', 'running');
CREATE INDEX plan_jobs_of_schedule ON watchbill.plan_jobs (schedule_id) WHERE state IN ('waiting', 'running');
CREATE INDEX plan_jobs_finished ON watchbill.plan_jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX plan_jobs_of_plan ON watchbill.plan_jobs (plan_id) WHERE plan_id IS NOT NULL;

-- After how long a balance counted half when the period was closed; null: for ever whole.
ALTER TABLE watchbill.ledger_closings ADD COLUMN half_life_days integer;

-- Old plans are looked for by when they were made, and turns by the plan that they came from.
CREATE INDEX plans_by_creation ON watchbill.plans (created_at) WHERE status <> 'published';
CREATE INDEX planned_turns_of_plan ON watchbill.planned_turns (plan_id);
CREATE INDEX planned_turns_ended ON watchbill.planned_turns (ends_at);
`,
} as const;
