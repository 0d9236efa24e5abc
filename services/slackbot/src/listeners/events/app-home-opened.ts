import { randomUUID } from 'node:crypto';
import type { App } from '@slack/bolt';
import { attend } from '../desk/attend.ts';
import { publishHome } from '../desk/publish-home.ts';
import type { Desk } from '../desk/visit.ts';

/** Publishes the home tab of whoever opens it. */
export function listenToHome(app: App, desk: Desk): void {
  app.event('app_home_opened', async ({ body, client, context, event }) => {
    if (event.tab !== 'home') return;
    const { event_id: id = randomUUID(), team_id: team } = body;
    const request = {
      ...{ key: `slack.event.${id}`, client, channel: null, trigger: null },
      ...{ workspace: context.teamId ?? team, slackUser: event.user },
    };
    await attend(desk, request, async (visit) => {
      await publishHome(visit);
      return null;
    });
  });
}
