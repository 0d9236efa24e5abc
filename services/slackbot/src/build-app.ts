import { App, type AppOptions } from '@slack/bolt';
import { registerListeners } from './listeners/register-listeners.ts';
import type { SlackDeps } from './slack-deps.ts';

/**
 * The Bolt app with every listener on it. `options` bring the receiver, `authorize` and `clientOptions`: give no
 * plain `token`, with which Bolt asks Slack at once and an unreachable Slack ends the process.
 */
export function buildApp(deps: SlackDeps, options: AppOptions): App {
  // Bolt's own store of conversations grows with every channel, and we keep what we know in PostgreSQL.
  const app = new App({ convoStore: false, ...options });
  registerListeners(app, deps);
  return app;
}
