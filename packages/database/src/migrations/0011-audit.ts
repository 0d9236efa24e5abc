/** The log of every command that people and programs gave, and its chain of hashes. */
export const audit = {
  name: '0011-audit',
  sql: `
CREATE TABLE watchbill.audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor text NOT NULL,
  -- From where: an address and the request, a workspace of Slack; null: from this product itself.
  origin text,
  command text NOT NULL,
  -- Secrets left out; what is too long is named by its size and hash.
  input jsonb NOT NULL,
  before jsonb,
  after jsonb,
  -- Given once, in order, when the entry is sealed: each hash covers the entry and the hash before it.
  position bigint UNIQUE,
  hash text
);
CREATE INDEX audit_unsealed ON watchbill.audit_log (id) WHERE position IS NULL;

-- The last sealed position and its hash.
CREATE TABLE watchbill.audit_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  position bigint NOT NULL,
  hash text NOT NULL
);
INSERT INTO watchbill.audit_head (position, hash) VALUES (0, '');
`,
} as const;
