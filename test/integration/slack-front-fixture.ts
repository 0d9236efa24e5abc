import { createServer } from 'node:http';
import { type SlackAck, type SlackRequests, slackRequests } from '../support/slack-requests.ts';
import type { SlackCall } from '../support/slack-server.ts';
import type { SlackView } from '../support/slack-state.ts';
import { account, CHANNEL, openSlackWorld, SIGNING_SECRET, type SlackWorld } from './slack-fixture.ts';

export interface Said {
  readonly ack: SlackAck;
  /** What the person reads, with its blocks as text. */
  readonly text: string;
  readonly blocks: string;
  readonly args: SlackCall['args'];
}

/** A workspace with a bot behind real HTTP, and people who type and click. */
export interface Front extends SlackWorld {
  readonly requests: SlackRequests;
  /** Types `/oncall <text>` and waits for the answer. */
  say(person: string, text: string, channel?: string): Promise<Said>;
  /** Does something and waits for the answer that comes to its place. */
  hear(act: () => Promise<SlackAck>): Promise<Said>;
  /** Does something and waits until the modal that it opens, or changes, is filled. */
  form(act: () => Promise<SlackAck>): Promise<SlackView>;
  /** Types `/oncall <text>` and waits for the form. */
  formOf(person: string, text: string): Promise<SlackView>;
  press(person: string, id: string, value: string, view?: SlackView): Promise<SlackAck>;
  submit(person: string, view: SlackView, values: Readonly<Record<string, unknown>>): Promise<SlackAck>;
  /** Calls that the stand-in refused: what real Slack would refuse as well. */
  refused(): string[];
}

const WAIT_MS = 10_000;

/** `prepare` is done before the bot starts and links everybody whose e-mail it finds. */
export async function openFront(
  input?: Parameters<typeof openSlackWorld>[1],
  prepare: (world: SlackWorld) => void = () => undefined,
): Promise<Front> {
  const world = await openSlackWorld(undefined, input);
  prepare(world);
  const bot = await world.readyBot();
  const server = createServer(bot.httpHandler ?? undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { slack } = world;
  const requests = slackRequests(slack, `http://127.0.0.1:${port}/slack/events`, SIGNING_SECRET);

  const hear = async (act: () => Promise<SlackAck>): Promise<Said> => {
    const before = slack.of('response_url').length;
    const ack = await act();
    await slack.waitUntil(() => slack.of('response_url').length > before, WAIT_MS);
    const args = slack.of('response_url')[before]?.args ?? {};
    return { ack, text: String(args.text), blocks: JSON.stringify(args.blocks), args };
  };
  const form = async (act: () => Promise<SlackAck>): Promise<SlackView> => {
    const before = slack.of('views.update').length;
    await act();
    await slack.waitUntil(() => slack.of('views.update').length > before, WAIT_MS);
    const call = slack.of('views.update')[before];
    const view = slack.state.views.get(String(call?.args.view_id));
    if (view === undefined) throw new Error(`no such view: ${JSON.stringify(call)}`);
    return view;
  };
  return {
    ...world,
    requests,
    hear,
    form,
    say: (person, text, channel = CHANNEL) =>
      hear(() => requests.command(text, { user: account(person), channel })),
    formOf: (person, text) => form(() => requests.command(text, { user: account(person), channel: CHANNEL })),
    press: (person, id, value, view) =>
      requests.action(
        { action_id: id, value },
        view === undefined
          ? { user: account(person), channel: CHANNEL, message: { ts: '1700000000.000001' } }
          : { user: account(person), view },
      ),
    submit: (person, view, values) => requests.submit(view, values, { user: account(person) }),
    refused: () =>
      slack.calls
        .filter(({ answer }) => answer.ok !== true)
        .map(({ method, answer }) => `${method}: ${JSON.stringify(answer)}`),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await world.close();
    },
  };
}

/** The values of a view as it was filled: what a person sends who changes nothing, with what they change. */
export function valuesOf(
  view: SlackView,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, Record<string, unknown>> {
  const blocks = view.view.blocks as readonly Readonly<Record<string, unknown>>[];
  const values: Record<string, Record<string, unknown>> = {};
  for (const block of blocks) {
    if (block.type !== 'input') continue;
    const element = block.element as Readonly<Record<string, unknown>>;
    const id = String(block.block_id);
    const changed = Object.entries(changes).find(([name]) => id === name || id.startsWith(`${name}.`));
    values[id] = { [String(element.action_id)]: fieldOf(element, changed?.[1]) };
  }
  return values;
}

function fieldOf(element: Readonly<Record<string, unknown>>, changed: unknown): Record<string, unknown> {
  const type = String(element.type);
  const options = (element.options ?? []) as readonly { readonly value: string }[];
  switch (type) {
    case 'static_select':
    case 'radio_buttons': {
      const picked =
        changed === undefined ? element.initial_option : options.find(({ value }) => value === changed);
      if (changed !== undefined && picked === undefined) {
        throw new Error(
          `"${String(changed)}" is none of ${JSON.stringify(options.map(({ value }) => value))}`,
        );
      }
      return { type, selected_option: picked ?? null };
    }
    case 'checkboxes': {
      const picked = changed as readonly string[] | undefined;
      const all =
        picked === undefined
          ? (element.initial_options ?? [])
          : options.filter((each) => picked.includes(each.value));
      return { type, selected_options: all };
    }
    case 'datetimepicker': {
      const at = changed === undefined ? element.initial_date_time : Date.parse(String(changed)) / 1000;
      return { type, selected_date_time: at ?? null };
    }
    case 'datepicker':
      return { type, selected_date: changed ?? element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: changed ?? element.initial_time ?? null };
    default:
      return { type, value: changed ?? element.initial_value ?? null };
  }
}

/** All the words of a view, as one text. */
export function wordsOf(view: SlackView): string {
  return JSON.stringify(view.view.blocks);
}
