/** Other paging providers: where pages are forwarded to, and schedules there that mirror who is on call here. Real time. */
export const providers = {
  name: '0013-providers',
  sql: `
-- What an endpoint is beside its row in endpoints, where pages are forwarded and no webhooks are sent. Its deliveries,
-- lanes and attempts are those of any endpoint; a lane is a page.
CREATE TABLE watchbill.providers (
  id text PRIMARY KEY REFERENCES watchbill.endpoints,
  kind text NOT NULL CHECK (kind IN ('pagerduty', 'opsgenie')),
  name text NOT NULL,
  -- Beside the schedules of its endpoint; where both are null, every page.
  policy_ids text[],
  -- The key under AES-256-GCM; null once it is deleted.
  sealed_key text,
  deleted_at timestamptz
);

-- A schedule of PagerDuty whose overrides follow a role of one of ours.
CREATE TABLE watchbill.mirrors (
  id text PRIMARY KEY,
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  role text NOT NULL,
  url text NOT NULL,
  -- P…
  provider_schedule text NOT NULL,
  from_email text NOT NULL,
  sealed_token text NOT NULL,
  horizon_days integer NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  disabled_reason text,
  -- Counts the wishes to look again, so that none is lost meanwhile.
  generation bigint NOT NULL DEFAULT 1,
  due_at timestamptz DEFAULT clock_timestamp(),
  -- Looks that failed, one after another.
  failures integer NOT NULL DEFAULT 0,
  -- When it was last found or made right.
  mirrored_at timestamptz,
  -- What the last look found: { wanted, kept, added, removed, unknown: [{ person, email, reason }] }.
  found jsonb,
  problem text,
  lease_token text,
  leased_until timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
-- Two that write into one schedule would undo each other's work.
CREATE UNIQUE INDEX mirrors_once ON watchbill.mirrors (url, provider_schedule);
CREATE INDEX mirrors_by_schedule ON watchbill.mirrors (schedule_id);
CREATE INDEX mirrors_due ON watchbill.mirrors (due_at) WHERE status = 'active';

-- The overrides that we made there. Written before the request that makes one: one without an id may be there or not.
CREATE TABLE watchbill.mirror_overrides (
  id text PRIMARY KEY,
  mirror_id text NOT NULL REFERENCES watchbill.mirrors ON DELETE CASCADE,
  provider_override text,
  provider_user text NOT NULL,
  person text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX mirror_overrides_of_mirror ON watchbill.mirror_overrides (mirror_id, starts_at);
`,
} as const;
