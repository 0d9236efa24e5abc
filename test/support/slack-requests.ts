import { createHmac } from 'node:crypto';
import { viewJson } from './slack-methods.ts';
import type { SlackServer } from './slack-server.ts';
import type { SlackView } from './slack-state.ts';

/** What the app answered to a request of Slack's. */
export interface SlackAck {
  readonly status: number;
  readonly text: string;
  /** The body where it is JSON. */
  readonly json: Readonly<Record<string, unknown>> | null;
  readonly tookMs: number;
}

export interface SlackRequests {
  /** Sends `/oncall <text>`. The answer also comes to the response URL, which `responses` holds. */
  command(text: string, from: Place & { readonly trigger?: string }): Promise<SlackAck>;
  /** Presses a button or picks in a menu, on a message (`message`), a modal or the home tab (`view`). */
  action(action: Readonly<Record<string, unknown>>, from: ActionPlace): Promise<SlackAck>;
  /** Submits a modal with the values of its inputs, by block id and action id. */
  submit(
    view: SlackView,
    values: Readonly<Record<string, unknown>>,
    from: { readonly user: string },
  ): Promise<SlackAck>;
  /** A message shortcut. */
  shortcut(callback: string, from: MessagePlace): Promise<SlackAck>;
  event(event: Readonly<Record<string, unknown>>, id?: string): Promise<SlackAck>;
  /** Sends bytes as they are; signed unless a signature is given. */
  post(body: string, headers?: Readonly<Record<string, string>>): Promise<SlackAck>;
}

interface Place {
  readonly user: string;
  readonly channel?: string;
}

interface ActionPlace extends Place {
  readonly message?: { readonly ts: string; readonly thread_ts?: string; readonly text?: string };
  readonly view?: SlackView;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly trigger?: string;
}

interface MessagePlace extends Place {
  readonly message: Readonly<Record<string, unknown>>;
}

const FORM = 'application/x-www-form-urlencoded';

/** Sends what Slack sends, signed, to the app at `url`. */
export function slackRequests(slack: SlackServer, url: string, secret: string): SlackRequests {
  const post = (body: string, headers: Readonly<Record<string, string>> = {}): Promise<SlackAck> =>
    send(url, body, { ...signature(secret, body), 'content-type': FORM, ...headers });
  const payload = (value: Readonly<Record<string, unknown>>): Promise<SlackAck> =>
    post(new URLSearchParams({ payload: JSON.stringify(value) }).toString());
  const base = (user: string) => ({
    team: { id: slack.state.team.id, domain: slack.state.team.domain },
    user: { id: user, name: slack.state.users.get(user)?.name ?? user, team_id: slack.state.team.id },
    ...{ api_app_id: 'A0APP', token: 'old' },
  });
  const placed = (channel: string) => ({
    id: channel,
    name: slack.state.channels.get(channel)?.name ?? 'privategroup',
  });
  return {
    post,
    command: (text, { user, channel = 'C0MAIN', trigger = slack.trigger() }) => {
      const { team } = slack.state;
      const fields = {
        ...{ command: '/oncall', text, user_id: user, channel_id: channel, trigger_id: trigger },
        ...{ team_id: team.id, team_domain: team.domain, api_app_id: 'A0APP', token: 'old' },
        user_name: slack.state.users.get(user)?.name ?? user,
        channel_name: slack.state.channels.get(channel)?.name ?? 'privategroup',
        response_url: slack.responseUrl(),
      };
      return post(new URLSearchParams(fields).toString());
    },
    action: (action, { user, channel = 'C0MAIN', message, view, values, trigger }) =>
      payload({
        ...base(user),
        type: 'block_actions',
        trigger_id: trigger ?? slack.trigger(view?.id),
        actions: [{ block_id: 'b', action_ts: '1.1', type: 'button', ...action }],
        ...(message === undefined ? {} : inMessage(slack, placed(channel), message)),
        ...(view === undefined ? {} : inView(slack, view, values)),
      }),
    submit: (view, values, { user }) =>
      payload({
        ...base(user),
        type: 'view_submission',
        trigger_id: slack.trigger(view.id),
        view: { ...viewJson(slack.state, view), state: { values } },
        response_urls: [],
      }),
    shortcut: (callback, { user, channel = 'C0MAIN', message }) =>
      payload({
        ...base(user),
        ...{ type: 'message_action', callback_id: callback, trigger_id: slack.trigger() },
        ...{ response_url: slack.responseUrl(), action_ts: '1.1', message_ts: message.ts, message },
        channel: placed(channel),
      }),
    event: (event, id = `Ev${slack.state.next()}`) =>
      post(
        JSON.stringify({
          ...{ type: 'event_callback', event_id: id, event_time: 1_700_000_000, event, token: 'old' },
          ...{ team_id: slack.state.team.id, api_app_id: 'A0APP' },
          authorizations: [
            { team_id: slack.state.team.id, enterprise_id: null, user_id: 'U0BOT', is_bot: true },
          ],
        }),
        { 'content-type': 'application/json' },
      ),
  };
}

function inMessage(
  slack: SlackServer,
  channel: { readonly id: string; readonly name: string },
  message: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return {
    channel,
    message: { type: 'message', text: '', ...message },
    container: { type: 'message', message_ts: message.ts, channel_id: channel.id, is_ephemeral: false },
    response_url: slack.responseUrl(),
  };
}

function inView(
  slack: SlackServer,
  view: SlackView,
  values: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> {
  return {
    view: { ...viewJson(slack.state, view), state: { values: values ?? {} } },
    container: { type: 'view', view_id: view.id },
  };
}

/** The headers with which Slack proves that a request is its own. */
export function signature(
  secret: string,
  body: string,
  atSeconds = Math.floor(Date.now() / 1000),
): Record<string, string> {
  const digest = createHmac('sha256', secret).update(`v0:${atSeconds}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(atSeconds), 'x-slack-signature': `v0=${digest}` };
}

async function send(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<SlackAck> {
  const startedAt = performance.now();
  const response = await fetch(url, { method: 'POST', body, headers });
  const text = await response.text();
  let json: Readonly<Record<string, unknown>> | null = null;
  try {
    json = JSON.parse(text) as Record<string, unknown>;
  } catch {
    json = null;
  }
  return { status: response.status, text, json, tookMs: performance.now() - startedAt };
}
