/** People who sign in: accounts, their sessions, links that set a password, and the log of every command. */
export const accounts = {
  name: '0010-accounts',
  sql: `
CREATE TABLE watchbill.accounts (
  id text PRIMARY KEY,
  -- In small letters: what somebody signs in with.
  email text NOT NULL UNIQUE,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('admin', 'member', 'read_only')),
  -- The person of the configuration who it is; a manager is one whose person manages a team.
  person text,
  -- argon2id, in its own notation; null while only an identity provider knows the account.
  password_hash text,
  -- The subject at the identity provider, with its issuer before it.
  subject text UNIQUE,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_signed_in_at timestamptz,
  disabled_at timestamptz
);
CREATE INDEX accounts_by_person ON watchbill.accounts (person) WHERE person IS NOT NULL;

CREATE TABLE watchbill.sessions (
  id text PRIMARY KEY,
  hash bytea NOT NULL UNIQUE,
  account text NOT NULL REFERENCES watchbill.accounts,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- However much it is used.
  expires_at timestamptz NOT NULL,
  user_agent text NOT NULL,
  address text NOT NULL,
  ended_at timestamptz
);
CREATE INDEX sessions_by_account ON watchbill.sessions (account) WHERE ended_at IS NULL;
CREATE INDEX sessions_by_expiry ON watchbill.sessions (expires_at);

-- A link that sets a password once. Without an account: it makes the first one.
CREATE TABLE watchbill.setup_links (
  id text PRIMARY KEY,
  hash bytea NOT NULL UNIQUE,
  account text REFERENCES watchbill.accounts,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX setup_links_by_account ON watchbill.setup_links (account) WHERE used_at IS NULL;
`,
} as const;
