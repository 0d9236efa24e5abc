/** Tokens of Slack that run out and are renewed, and what finds old swaps. Real time for tokens. */
export const slackTokens = {
  name: '0012-slack-tokens',
  sql: `
-- When the sealed token runs out; null for one that does not.
ALTER TABLE watchbill.slack_workspaces ADD COLUMN token_expires_at timestamptz;
-- Until then one bot renews the token, or waits after a try that failed: nobody else does.
ALTER TABLE watchbill.slack_workspaces ADD COLUMN renewing_until timestamptz;

CREATE INDEX swaps_closed ON watchbill.swaps (closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX swaps_rest_of ON watchbill.swaps (rest_of) WHERE rest_of IS NOT NULL;
`,
} as const;
