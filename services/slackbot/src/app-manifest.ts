import type { AppsManifestCreateArguments } from '@slack/web-api';
import { EVENTS_PATH } from './connection/http-handler.ts';
import { PAGE_SHORTCUT } from './listeners/shortcuts/page-on-call.ts';
import { BOT_SCOPES } from './scopes.ts';
import { OAUTH_REDIRECT_PATH } from './workspaces/install-handler.ts';

/** What Slack needs to know to make the app. */
export type AppManifest = AppsManifestCreateArguments['manifest'];

/** Stands in the manifest of HTTP mode where people put their own address. */
export const PLACEHOLDER_URL = 'https://watchbill.example.com';

/**
 * The app as Slack makes it from a file: infra/slack holds both forms. `socket` needs no public address; with `http`
 * Slack sends its requests to the address that stands in it.
 */
export function appManifest(mode: 'socket' | 'http'): AppManifest {
  const url = mode === 'http' ? `${PLACEHOLDER_URL}${EVENTS_PATH}` : null;
  const requestUrl = url === null ? {} : { request_url: url };
  return {
    display_information: {
      name: 'Watchbill',
      description: 'Who is on call, until when, and who takes over.',
      long_description: LONG_DESCRIPTION,
      background_color: '#1d3c34',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: 'watchbill', always_online: true },
      shortcuts: [
        {
          name: 'Page the on-call',
          type: 'message',
          callback_id: PAGE_SHORTCUT,
          description: 'Call whoever is on call about this message',
        },
      ],
      slash_commands: [
        {
          command: '/oncall',
          description: 'Who is on call, my shifts, cover, swap, page',
          usage_hint: 'who | me | cover | swap | page | help',
          // So that @names and #channels arrive as ids.
          should_escape: true,
          ...(url === null ? {} : { url }),
        },
      ],
    },
    oauth_config: {
      scopes: { bot: BOT_SCOPES.map(({ scope }) => scope) },
      ...(url === null ? {} : { redirect_urls: [`${PLACEHOLDER_URL}${OAUTH_REDIRECT_PATH}`] }),
    },
    settings: {
      event_subscriptions: {
        ...requestUrl,
        bot_events: ['app_home_opened', 'app_uninstalled', 'tokens_revoked'],
      },
      interactivity: { is_enabled: true, ...requestUrl },
      org_deploy_enabled: false,
      socket_mode_enabled: mode === 'socket',
      token_rotation_enabled: false,
    },
  };
}

const LONG_DESCRIPTION = `Watchbill keeps on-call schedules: fair plans, shifts, handoffs and pages. In Slack you see who is on call, give a shift away or exchange it, take over a running shift, are reminded before yours begins, and answer pages with a click. User groups and channel topics follow who is on call. It runs on your own machines; nothing leaves them but what you read here.`;
