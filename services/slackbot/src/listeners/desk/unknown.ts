import type { App, BlockAction, MessageShortcut, ViewSubmitAction } from '@slack/bolt';
import { outcomeView } from '../../blocks/view-elements.ts';
import { attend } from './attend.ts';
import { said } from './refusals.ts';
import type { Desk } from './visit.ts';

/** What the app listens to by name. */
export interface KnownNames {
  readonly actions: readonly string[];
  readonly submissions: readonly string[];
  readonly shortcuts: readonly string[];
}

const OLD =
  'That belongs to an older version of this app, so I did nothing. Type `/oncall`, or open my home tab, to do it anew.';

/**
 * Answers what is left over, such as a button that an older version sent: without it Slack waits for three seconds and
 * shows an error of its own.
 */
export function listenToUnknown(app: App, desk: Desk, known: KnownNames): void {
  app.action<BlockAction>({ type: 'block_actions', action_id: otherThan(known.actions) }, async (args) => {
    const { ack, body, client, context, respond } = args;
    await ack();
    const request = {
      ...{ key: `slack.click.${body.trigger_id}`, client, channel: body.channel?.id ?? null },
      ...{ workspace: context.teamId ?? body.team?.id ?? '', slackUser: body.user.id },
      trigger: body.trigger_id,
    };
    const place = body.response_url === undefined || body.response_url === '' ? {} : { respond };
    await attend(desk, { ...request, ...place }, async () => said(OLD));
  });
  app.view<ViewSubmitAction>(
    { type: 'view_submission', callback_id: otherThan(known.submissions) },
    async ({ ack, view }) => {
      const title = view.title.text;
      await ack({ response_action: 'update', view: outcomeView(title, said(OLD).blocks) });
    },
  );
  app.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack }) => {
    await ack();
  });
  app.shortcut<MessageShortcut>(
    { type: 'message_action', callback_id: otherThan(known.shortcuts) },
    async ({ ack, respond }) => {
      await ack();
      await respond({ response_type: 'ephemeral', ...said(OLD) });
    },
  );
}

/** Matches every name but these. */
function otherThan(names: readonly string[]): RegExp {
  return new RegExp(`^(?!(?:${names.map((name) => name.replace(/[^\w-]/g, '\\$&')).join('|')})$)`);
}
