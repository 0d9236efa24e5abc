/** Secret addresses at which anybody reads the fact sheet of a schedule. */
export const factSheetLinks = {
  name: '0014-fact-sheet-links',
  sql: `
CREATE TABLE watchbill.fact_sheet_links (
  id text PRIMARY KEY,
  -- SHA-256 of the secret part of the address.
  hash bytea NOT NULL UNIQUE,
  schedule_id text NOT NULL REFERENCES watchbill.schedules,
  -- False: first names only.
  full_names boolean NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Real time; null: until it is revoked.
  expires_at timestamptz,
  revoked_at timestamptz,
  last_opened_at timestamptz
);
CREATE INDEX fact_sheet_links_by_schedule ON watchbill.fact_sheet_links (schedule_id, id);
`,
} as const;
