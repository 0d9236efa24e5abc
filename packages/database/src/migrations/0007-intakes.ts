/** Doors for other people's programs: intakes and their keys, heartbeats, and what SNS wants fetched. Real time. */
export const intakes = {
  name: '0007-intakes',
  sql: `
CREATE TABLE watchbill.intakes (
  id text PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN
    ('pagerduty', 'opsgenie', 'alertmanager', 'grafana', 'generic', 'datadog', 'sentry', 'sns')),
  -- Whom its pages call: exactly one of the two.
  policy_id text,
  schedule_id text,
  settings jsonb NOT NULL,
  -- With which the sender signs; never shown.
  signing_secret text,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- To within a minute.
  last_used_at timestamptz,
  CHECK ((policy_id IS NULL) <> (schedule_id IS NULL))
);

-- SHA-256 of a key. expires_at is set once a newer one has taken its place.
CREATE TABLE watchbill.intake_keys (
  hash bytea PRIMARY KEY,
  intake_id text NOT NULL REFERENCES watchbill.intakes ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz
);
CREATE INDEX intake_keys_of_intake ON watchbill.intake_keys (intake_id);

-- What senders say has changed: context for pages, told to nobody.
CREATE TABLE watchbill.intake_changes (
  id text PRIMARY KEY,
  intake_id text NOT NULL REFERENCES watchbill.intakes ON DELETE CASCADE,
  summary text NOT NULL,
  source text,
  details jsonb,
  links jsonb NOT NULL,
  happened_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX intake_changes_of_intake ON watchbill.intake_changes (intake_id, id);
CREATE INDEX intake_changes_age ON watchbill.intake_changes (created_at);

-- What became of a request that is asked for later: the Opsgenie API answers before, we after.
CREATE TABLE watchbill.intake_requests (
  id uuid PRIMARY KEY,
  intake_id text NOT NULL REFERENCES watchbill.intakes ON DELETE CASCADE,
  action text NOT NULL,
  done boolean NOT NULL,
  status text NOT NULL,
  page_id text,
  alias text,
  created_at timestamptz NOT NULL
);
CREATE INDEX intake_requests_age ON watchbill.intake_requests (created_at);

CREATE TABLE watchbill.heartbeats (
  id text PRIMARY KEY,
  name text NOT NULL,
  key_hash bytea NOT NULL UNIQUE,
  policy_id text,
  schedule_id text,
  severity text NOT NULL CHECK (severity IN ('critical', 'error', 'warning', 'info')),
  every_ms bigint NOT NULL,
  grace_ms bigint NOT NULL,
  paused boolean NOT NULL DEFAULT false,
  last_ping_at timestamptz,
  -- When a page is triggered unless it pings before; null while it is paused, or was never heard.
  due_at timestamptz,
  -- Since when it is missed; a page is open.
  missed_at timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CHECK ((policy_id IS NULL) <> (schedule_id IS NULL))
);
CREATE INDEX heartbeats_due ON watchbill.heartbeats (due_at) WHERE due_at IS NOT NULL AND missed_at IS NULL;

-- When some scheduler last looked for heartbeats that stay away, to within some seconds: time in which nobody did
-- counts for none of them.
CREATE TABLE watchbill.heartbeat_watch (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  swept_at timestamptz NOT NULL
);

-- Certificates with which Amazon signs, by address.
CREATE TABLE watchbill.sns_certificates (
  url text PRIMARY KEY,
  certificate text NOT NULL,
  fetched_at timestamptz NOT NULL
);

-- What a worker is to fetch, because the API calls nobody: a certificate, or the confirmation of a subscription.
CREATE TABLE watchbill.sns_fetches (
  -- What it is for: a second request for the same is the same row.
  key text PRIMARY KEY,
  intake_id text NOT NULL REFERENCES watchbill.intakes ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('certificate', 'confirmation')),
  url text NOT NULL,
  -- The whole signed message of a confirmation.
  message jsonb,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  lease_token text,
  leased_until timestamptz,
  outcome text,
  detail text,
  created_at timestamptz NOT NULL,
  finished_at timestamptz
);
CREATE INDEX sns_fetches_next ON watchbill.sns_fetches (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX sns_fetches_of_intake ON watchbill.sns_fetches (intake_id, created_at);
`,
} as const;
