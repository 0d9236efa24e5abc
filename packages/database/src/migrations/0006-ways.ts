/** How people are reached: their contact methods, their rules, and links that answer a page. All times are real. */
export const ways = {
  name: '0006-ways',
  sql: `
CREATE TABLE watchbill.contact_methods (
  id text PRIMARY KEY,
  person text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('email', 'sms', 'voice', 'ntfy', 'webhook')),
  address text NOT NULL,
  label text NOT NULL DEFAULT '',
  -- Nobody is called by a way before they have shown that it reaches them.
  verified_at timestamptz,
  code_hash bytea,
  code_expires_at timestamptz,
  code_tries integer NOT NULL DEFAULT 0,
  code_sent_at timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX contact_methods_once ON watchbill.contact_methods (person, kind, address);
CREATE INDEX contact_methods_by_address ON watchbill.contact_methods (kind, address);

-- In the order of a person's list. contact_method null: by Slack.
CREATE TABLE watchbill.notification_rules (
  person text NOT NULL,
  urgency text NOT NULL CHECK (urgency IN ('high', 'low')),
  place integer NOT NULL,
  contact_method text REFERENCES watchbill.contact_methods ON DELETE CASCADE,
  after_ms bigint NOT NULL,
  PRIMARY KEY (person, urgency, place)
);

-- Wall times in the person's zone, in minutes from midnight, between which low urgency waits.
CREATE TABLE watchbill.quiet_hours (
  person text PRIMARY KEY,
  from_minute integer NOT NULL,
  to_minute integer NOT NULL
);

-- Answers to a page from anywhere: the secret is in the message, its hash is here. Used up by acting, not by looking.
CREATE TABLE watchbill.page_links (
  hash bytea PRIMARY KEY,
  page_id text NOT NULL REFERENCES watchbill.pages ON DELETE CASCADE,
  person text,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX page_links_by_page ON watchbill.page_links (page_id);

-- Every try to send a notification.
CREATE TABLE watchbill.notification_attempts (
  notification_id text NOT NULL REFERENCES watchbill.notifications ON DELETE CASCADE,
  number integer NOT NULL,
  started_at timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  outcome text NOT NULL,
  error text,
  PRIMARY KEY (notification_id, number)
);
`,
} as const;
