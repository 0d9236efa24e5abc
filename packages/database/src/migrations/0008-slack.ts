/** Slack: workspaces, who is who there, channels of schedules, what was said and what is to be said. Real time throughout. */
export const slack = {
  name: '0008-slack',
  sql: `
-- Workspaces that have the app: one by the token of the settings, any number by OAuth.
CREATE TABLE watchbill.slack_workspaces (
  -- T…
  id text PRIMARY KEY,
  name text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('token', 'oauth')),
  bot_user text,
  bot_id text,
  scopes text[] NOT NULL DEFAULT '{}',
  -- The installation as JSON under AES-256-GCM; null for the token of the settings, which is stored nowhere.
  sealed text,
  installed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  removed_at timestamptz,
  CHECK ((origin = 'oauth') OR sealed IS NULL)
);

-- Who a person is in a workspace. One account a person, one person an account.
CREATE TABLE watchbill.slack_people (
  workspace text NOT NULL,
  slack_user text NOT NULL,
  person text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('configuration', 'email', 'code', 'hand')),
  linked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace, slack_user)
);
CREATE UNIQUE INDEX slack_people_once ON watchbill.slack_people (workspace, person);
CREATE INDEX slack_people_by_person ON watchbill.slack_people (person, linked_at);

-- People whose account was looked for in vain, and when to look again.
CREATE TABLE watchbill.slack_link_misses (
  workspace text NOT NULL,
  person text NOT NULL,
  reason text NOT NULL,
  retry_at timestamptz NOT NULL,
  PRIMARY KEY (workspace, person)
);

-- One-time codes that link an account. Only the hash is kept.
CREATE TABLE watchbill.slack_connect_codes (
  hash bytea PRIMARY KEY,
  person text NOT NULL,
  created_by text NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX slack_connect_codes_by_person ON watchbill.slack_connect_codes (person, expires_at);
CREATE TABLE watchbill.slack_connect_attempts (
  workspace text NOT NULL,
  slack_user text NOT NULL,
  counted_from timestamptz NOT NULL,
  attempts integer NOT NULL,
  PRIMARY KEY (workspace, slack_user)
);

-- What people want to hear by direct message; null: as the settings say.
CREATE TABLE watchbill.slack_preferences (
  person text PRIMARY KEY,
  reminder_minutes integer[],
  shift_changes boolean NOT NULL DEFAULT true
);

-- Channels of schedules. generation counts the wishes to look at the topic again, so that none is lost meanwhile.
CREATE TABLE watchbill.slack_channels (
  workspace text NOT NULL,
  channel text NOT NULL,
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  shift_posts boolean NOT NULL,
  pages boolean NOT NULL,
  user_group text,
  topic boolean NOT NULL,
  linked_by text NOT NULL,
  linked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  topic_generation bigint NOT NULL DEFAULT 1,
  topic_due_at timestamptz,
  topic_problem text,
  PRIMARY KEY (workspace, channel)
);
CREATE INDEX slack_channels_by_schedule ON watchbill.slack_channels (schedule_id);
CREATE INDEX slack_channels_topic_due ON watchbill.slack_channels (topic_due_at) WHERE topic_due_at IS NOT NULL;

-- User groups that follow schedules; which ones, slack_channels says.
CREATE TABLE watchbill.slack_user_groups (
  workspace text NOT NULL,
  user_group text NOT NULL,
  -- As last written or read; null before the first look.
  members text[],
  -- When that was.
  checked_at timestamptz,
  generation bigint NOT NULL DEFAULT 1,
  due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- What was told to the channels already, so that it is told once.
  problem text,
  PRIMARY KEY (workspace, user_group)
);
CREATE INDEX slack_user_groups_due ON watchbill.slack_user_groups (due_at);

-- Requests of Slack that were taken up: a redelivered one is known by its key.
CREATE TABLE watchbill.slack_claims (
  key text PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX slack_claims_age ON watchbill.slack_claims (expires_at);

-- How far the stream of events was read: what people wait for apart from the changes of schedules, of which there may
-- be thousands at once. One bot at a time holds a row.
CREATE TABLE watchbill.slack_stream (
  lane text PRIMARY KEY CHECK (lane IN ('people', 'schedules')),
  position bigint NOT NULL
);

-- One row for each message that outlives a click. What it says is made anew from the stored state at each sending:
-- wanted counts the changes of that state, shown is the count that Slack has.
CREATE TABLE watchbill.slack_messages (
  id text PRIMARY KEY,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  key text NOT NULL UNIQUE,
  kind text NOT NULL,
  -- What it is about: a swap, a page, a shift, a schedule.
  subject text NOT NULL,
  facts jsonb NOT NULL DEFAULT '{}',
  workspace text NOT NULL,
  -- A channel (an id, or a name with #), or a person who gets a direct message.
  channel text,
  person text,
  place text NOT NULL GENERATED ALWAYS AS (coalesce(channel, '@' || person)) STORED,
  -- The key of the message whose thread it belongs to.
  thread_of text,
  urgent boolean NOT NULL,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'failed', 'dropped')),
  wanted integer NOT NULL DEFAULT 1,
  shown integer NOT NULL DEFAULT 0,
  shown_hash text,
  sent_channel text,
  ts text,
  -- Set before a first sending: if it stands without a ts, nobody knows whether Slack took the message.
  sending_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  -- Null when there is nothing to send.
  next_attempt_at timestamptz DEFAULT clock_timestamp(),
  -- Not worth sending for the first time after this.
  stale_at timestamptz,
  last_error text,
  lease_token text,
  leased_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  sent_at timestamptz,
  CHECK ((channel IS NULL) <> (person IS NULL)),
  CHECK ((status = 'sent') = (ts IS NOT NULL))
);
CREATE INDEX slack_messages_due ON watchbill.slack_messages (urgent, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
-- Messages to one place go out one after the other.
CREATE INDEX slack_messages_waiting ON watchbill.slack_messages (workspace, place, sequence)
  WHERE next_attempt_at IS NOT NULL;
CREATE INDEX slack_messages_by_subject ON watchbill.slack_messages (subject);
CREATE INDEX slack_messages_by_place ON watchbill.slack_messages (workspace, sent_channel, ts) WHERE ts IS NOT NULL;
CREATE INDEX slack_messages_age ON watchbill.slack_messages (created_at);

-- Running bots and what they found when they looked at their own rights.
CREATE TABLE watchbill.slack_bots (
  id text PRIMARY KEY,
  mode text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  report jsonb,
  reported_at timestamptz
);

-- Readers of the stream need not ask again and again.
CREATE FUNCTION watchbill.notify_stream() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('watchbill_stream', '');
  RETURN NULL;
END $$;
CREATE TRIGGER stream_head_notify AFTER UPDATE OF position ON watchbill.stream_head
  FOR EACH STATEMENT EXECUTE FUNCTION watchbill.notify_stream();

-- A page reaches Slack in one hop: the bot looks for its own notifications as soon as they are written.
CREATE FUNCTION watchbill.notify_slack() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM written WHERE way = 'slack') THEN
    PERFORM pg_notify('watchbill_slack', '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER notifications_notify_slack AFTER INSERT ON watchbill.notifications
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION watchbill.notify_slack();
CREATE INDEX notifications_slack ON watchbill.notifications (due_at) WHERE status = 'pending' AND way = 'slack';
`,
} as const;
