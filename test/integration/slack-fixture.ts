import { setTimeout as sleep } from 'node:timers/promises';
import {
  applyConfiguration,
  fanOutEvents,
  linkChannel,
  type SetSlackPreferencesInput,
  setSlackPreferences,
} from '@watchbill/commands';
import type { EscalationPolicy, ScheduleDraft, SwapApproval } from '@watchbill/core';
import type { SlackChannelSettings } from '@watchbill/database';
import { createLogger, createMetrics, type SlackSettings } from '@watchbill/runtime';
import { type Slackbot, startSlackbot } from '@watchbill/slackbot';
import { type SlackServer, startSlackServer } from '../support/slack-server.ts';
import { accepted, openWorld, PEOPLE, passTime, type World } from './apply-fixture.ts';
import { twoRoles } from './page-fixture.ts';

export const TEAM = 'T0WATCH';
export const CHANNEL = 'C0PAY';
export const SIGNING_SECRET = 'signing-secret-of-a-test';
export const QUIET = createLogger({ logLevel: 'silent' }, 'test');
const WAIT_MS = 20_000;

/** The account of a person of the tests: `U0ANN`. */
export function account(person: string): string {
  return `U0${person.toUpperCase()}`;
}

/** The direct message with a person: `D0ANN`. */
export function direct(person: string): string {
  return `D0${person.toUpperCase()}`;
}

export interface SlackWorld extends World {
  readonly slack: SlackServer;
  /** Starts a bot; it is closed with the world. */
  bot(settings?: Partial<SlackSettings>, more?: { readonly secretKeys?: readonly Uint8Array[] }): Slackbot;
  /** Starts a bot and waits until it knows its workspace and its place in the stream. */
  readyBot(): Promise<Slackbot>;
  /** Gives every event its place in the stream, as the worker does. */
  fanOut(): Promise<void>;
  /** Lets the clock stand at an instant and applies what is due by then, and tells it. */
  passTo(text: string): Promise<void>;
  /** Messages in a place, as they stand now, without those of threads. */
  messagesIn(channel: string): string[];
  threadsIn(channel: string): string[];
}

/**
 * A workspace with everybody in it, the channel #payments, and the schedule `payments`: ann, ben and cleo take weeks as
 * primary, dev is secondary, eve manages. Everybody's account stands in the configuration.
 */
export async function openSlackWorld(
  start = '2026-12-01T12:00:00Z',
  input: Parameters<typeof applySlackTeam>[1] = {},
): Promise<SlackWorld> {
  const world = await openWorld(start);
  const slack = await startSlackServer();
  for (const id of PEOPLE) {
    const realName = `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
    slack.addUser({ id: account(id), name: id, realName, email: `${id}@example.com`, tz: 'Europe/London' });
  }
  slack.addChannel({ id: CHANNEL, name: 'payments', members: PEOPLE.map(account) });
  slack.addGroup({ id: 'S0PAY', handle: 'payments-oncall', users: [account('eve')] });
  await applySlackTeam(world, input);
  const bots: Slackbot[] = [];
  const texts = (channel: string, inThread: boolean): string[] =>
    slack.state.messages
      .filter((each) => each.channel === channel && !each.deleted && (each.threadTs !== null) === inThread)
      .map(({ text }) => text);
  const own: SlackWorld = {
    ...world,
    slack,
    bot: (settings = {}, more = {}) => {
      const bot = startSlackbot({
        ...{ database: world.database, logger: QUIET, metrics: createMetrics() },
        settings: {
          slack: { ...slackSettings(slack), ...settings },
          secretKeys: more.secretKeys ?? [],
          ...{ publicUrl: 'https://watchbill.example', horizonWeeks: 8, startingSoonMinutes: [1440, 15] },
        },
      });
      bots.push(bot);
      return bot;
    },
    readyBot: async () => {
      const bot = own.bot();
      await eventually(async () => {
        const { rows } = await world.database.pool.query<{ ready: boolean }>(
          `SELECT EXISTS (SELECT FROM slack_workspaces) AND EXISTS (SELECT FROM slack_stream) AS ready`,
        );
        return rows[0]?.ready === true;
      });
      return bot;
    },
    fanOut: async () => {
      await fanOutEvents(world.database, { events: [], wakeAgainMs: 60_000 });
    },
    passTo: async (text) => {
      await world.at(text);
      await passTime(world);
      await own.fanOut();
    },
    messagesIn: (channel) => texts(channel, false),
    threadsIn: (channel) => texts(channel, true),
    close: async () => {
      await Promise.all(bots.map((bot) => bot.close()));
      await slack.close();
      await world.close();
    },
  };
  return own;
}

export function slackSettings(slack: Pick<SlackServer, 'apiUrl'>): SlackSettings {
  return {
    mode: 'http',
    apiUrl: slack.apiUrl,
    botToken: 'xoxb-test',
    ...{ appToken: null, signingSecret: SIGNING_SECRET, oauth: null, port: 0 },
  };
}

export async function applySlackTeam(
  world: World,
  input: {
    readonly swaps?: SwapApproval;
    readonly schedules?: readonly ScheduleDraft[];
    readonly policies?: readonly EscalationPolicy[];
    /** Those whose account the configuration names; everybody unless said. */
    readonly named?: readonly string[];
  } = {},
): Promise<void> {
  const { swaps = 'free', schedules = [twoRoles('payments')], policies = [], named = PEOPLE } = input;
  const team = { id: 'support', name: 'Support', members: [...PEOPLE], managers: ['eve'], swaps };
  const configuration = {
    people: PEOPLE.map((id) => {
      const name = `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
      const email = `${id}@example.com`;
      const slack = named.includes(id) ? { slack: account(id) } : {};
      const definition = { id, name, email, timeZone: 'Europe/London', ...slack };
      return { id, name, email, timeZone: 'Europe/London', definition };
    }),
    teams: [{ id: 'support', name: 'Support', definition: team }],
    schedules: schedules.map((definition) => ({
      ...{ id: definition.id, team: 'support', timeZone: definition.timeZone, holidays: [] },
      definition: { ...definition, team: 'support' },
    })),
    escalationPolicies: policies.map((policy) => {
      const { id, name } = policy;
      return { id, name, definition: { id }, policy };
    }),
  };
  accepted(await applyConfiguration(world.context, { configuration, source: 'test', dryRun: false }));
}

export async function link(world: World, settings: Partial<SlackChannelSettings> = {}): Promise<void> {
  const input = { workspace: TEAM, channel: CHANNEL, schedule: 'payments', settings };
  accepted(await linkChannel(world.context, input));
}

export async function prefer(world: World, input: SetSlackPreferencesInput): Promise<void> {
  accepted(await setSlackPreferences(world.context, input));
}

/** Waits until something holds. Throws with what `told` says when it does not in time. */
export async function eventually(
  holds: () => Promise<boolean> | boolean,
  told: () => string = () => 'it never held',
): Promise<void> {
  const from = performance.now();
  while (!(await holds())) {
    if (performance.now() - from > WAIT_MS) throw new Error(`Not in ${WAIT_MS} ms: ${told()}`);
    await sleep(20);
  }
}

/** Nothing of this kind waits to be sent or is in somebody's hands. */
export async function settled(world: World): Promise<void> {
  await eventually(async () => {
    const { rows } = await world.database.pool.query<{ count: number }>(
      `SELECT (SELECT count(*) FROM slack_messages WHERE next_attempt_at <= clock_timestamp() + interval '2 seconds')
         + (SELECT max(h.position - s.position) FROM stream_head h, slack_stream s) AS count`,
    );
    return rows[0]?.count === 0;
  });
}
