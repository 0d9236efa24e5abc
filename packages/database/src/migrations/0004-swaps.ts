/** Requests that shifts change hands, and running shifts that were taken over. */
export const swaps = {
  name: '0004-swaps',
  sql: `
CREATE TABLE watchbill.swaps (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('cover', 'exchange')),
  origin text NOT NULL CHECK (origin IN ('request', 'take', 'take-back')),
  state text NOT NULL CHECK (state IN ('open', 'accepted', 'applied', 'declined', 'cancelled', 'expired')),
  -- Counts the changes of the row: an answer to an older state changes nothing.
  version integer NOT NULL DEFAULT 0,
  person text NOT NULL,
  -- [{ schedule, role, person, start, end }], instants in milliseconds since the epoch.
  gives jsonb NOT NULL,
  takes jsonb NOT NULL,
  -- { kind: 'person' | 'eligible' | 'team', person? }
  audience jsonb NOT NULL,
  -- Who was told of it: those who could take it when it was asked.
  asked text[] NOT NULL,
  reason text,
  accepted_by text,
  accepted_at timestamptz,
  -- Teams whose managers have yet to approve.
  awaiting text[] NOT NULL,
  rest_of text REFERENCES watchbill.swaps,
  -- [{ schedule, id }]: the overrides that it made.
  overrides jsonb NOT NULL,
  starts_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  closed_by text,
  closed_reason text,
  closed_at timestamptz,
  -- Everybody and everything it concerns, for lists.
  people text[] NOT NULL,
  schedules text[] NOT NULL,
  CHECK ((closed_at IS NULL) = (state IN ('open', 'accepted'))),
  CHECK (state NOT IN ('accepted', 'applied') OR accepted_by IS NOT NULL),
  CHECK (state <> 'open' OR accepted_by IS NULL)
);
CREATE INDEX swaps_expiring ON watchbill.swaps (expires_at) WHERE state IN ('open', 'accepted');
CREATE INDEX swaps_waiting ON watchbill.swaps (person) WHERE state IN ('open', 'accepted');
CREATE INDEX swaps_by_person ON watchbill.swaps USING gin (people);
CREATE INDEX swaps_by_schedule ON watchbill.swaps USING gin (schedules);

-- What those who were asked said, where it did not settle the request: one answer of each person, the last.
CREATE TABLE watchbill.swap_answers (
  swap_id text NOT NULL REFERENCES watchbill.swaps,
  person text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('offer', 'refusal')),
  gives jsonb NOT NULL,
  takes jsonb NOT NULL,
  reason text,
  answered_at timestamptz NOT NULL,
  PRIMARY KEY (swap_id, person)
);
`,
} as const;
