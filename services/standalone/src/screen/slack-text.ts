import type { Settings } from '@watchbill/runtime';

/** One line about Slack: how it is connected, or how to connect it. */
export function slackText({ slack, publicUrl }: Pick<Settings, 'slack' | 'publicUrl'>): string {
  switch (slack.mode) {
    case 'off':
      return 'Slack not connected. Ten steps connect it: docs/slack.md';
    case 'socket':
      return 'Slack /oncall, by Socket Mode';
    case 'http':
      return `Slack /oncall, by requests to ${publicUrl}/slack/events`;
  }
}
