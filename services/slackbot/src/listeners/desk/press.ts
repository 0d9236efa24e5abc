import type { App, BlockAction, ButtonAction, StaticSelectAction } from '@slack/bolt';
import type { Message } from '../../blocks/elements.ts';
import { attend } from './attend.ts';
import { refreshHome } from './publish-home.ts';
import { said, strangerText } from './refusals.ts';
import { type Desk, isKnown, type KnownVisit, type Visit } from './visit.ts';

/** What was pressed or picked. */
export interface Pressed {
  /** The value of the button, or of the option that was picked; empty where there is none. */
  readonly value: string;
  /** The view in which it was; null on a message. */
  readonly view: BlockAction['view'] | null;
}

/** What a button or a menu does. Null as an answer: it has answered by itself. */
export interface Press {
  /** Its action id. */
  readonly id: string;
  readonly answer: (visit: KnownVisit, pressed: Pressed) => Promise<Message | null>;
  /** Whether the home tab shows something else after it. */
  readonly changes?: boolean;
}

/** Has presses answered, each once. */
export function listenToPresses(app: App, desk: Desk, presses: readonly Press[]): void {
  for (const press of presses) {
    listenToAnybody(app, desk, {
      ...press,
      answer: async (visit, pressed) =>
        isKnown(visit) ? press.answer(visit, pressed) : said(strangerText(visit)),
    });
  }
}

/** What also those may press whom nobody knows. */
export type AnybodysPress = Omit<Press, 'answer'> & {
  readonly answer: (visit: Visit, pressed: Pressed) => Promise<Message | null>;
};

/** The same for what anybody may press. */
export function listenToAnybody(app: App, desk: Desk, press: AnybodysPress): void {
  app.action<BlockAction>({ type: 'block_actions', action_id: press.id }, async (args) => {
    const { ack, action, body, client, context, respond } = args;
    await ack();
    const request = {
      key: `slack.click.${body.trigger_id}`,
      client,
      workspace: context.teamId ?? body.team?.id ?? '',
      slackUser: body.user.id,
      channel: body.channel?.id ?? null,
      trigger: body.trigger_id,
    };
    const pressed = { value: valueIn(action), view: body.view ?? null };
    const place = body.response_url === undefined || body.response_url === '' ? {} : { respond };
    const visit = await attend(desk, { ...request, ...place }, (visitor) => press.answer(visitor, pressed));
    if (visit !== null && press.changes === true) await refreshHome(visit);
  });
}

function valueIn(action: BlockAction['actions'][number]): string {
  const { value } = action as Partial<ButtonAction>;
  return value ?? (action as Partial<StaticSelectAction>).selected_option?.value ?? '';
}
