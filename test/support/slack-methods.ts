import { messageProblems, viewProblems } from './slack-limits.ts';
import type { SlackChannel, SlackMessage, SlackState, SlackUser, SlackView } from './slack-state.ts';

export type SlackArguments = Readonly<Record<string, unknown>>;
export type SlackAnswer = Readonly<Record<string, unknown>>;
export type SlackMethod = (state: SlackState, args: SlackArguments) => SlackAnswer;

const PUSHED_MOST = 3;

function no(error: string, detail?: readonly string[]): SlackAnswer {
  return { ok: false, error, ...(detail ? { response_metadata: { messages: detail } } : {}) };
}

function textOf(args: SlackArguments, name: string): string {
  const value = args[name];
  return typeof value === 'string' ? value : '';
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function userJson(state: SlackState, user: SlackUser): SlackAnswer {
  return {
    id: user.id,
    team_id: user.team ?? state.team.id,
    name: user.name,
    real_name: user.realName,
    deleted: user.deleted ?? false,
    is_bot: user.isBot ?? false,
    is_restricted: (user.isRestricted ?? false) || (user.isUltraRestricted ?? false),
    is_ultra_restricted: user.isUltraRestricted ?? false,
    ...(user.team !== undefined && user.team !== state.team.id ? { is_stranger: true } : {}),
    ...(user.tz === undefined ? {} : { tz: user.tz, tz_label: user.tz, tz_offset: 0 }),
    is_email_confirmed: user.email !== undefined,
    profile: {
      real_name: user.realName,
      display_name: user.name,
      ...(user.email === undefined ? {} : { email: user.email }),
    },
  };
}

function channelJson(state: SlackState, channel: SlackChannel): SlackAnswer {
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.im === undefined,
    is_private: channel.isPrivate,
    is_im: channel.im !== undefined,
    is_archived: channel.archived,
    is_member: channel.members.has(state.team.botUser),
    topic: { value: channel.topic },
    ...(channel.im === undefined ? {} : { user: channel.im }),
  };
}

/** The direct message with a user, made where there is none. */
function directMessage(state: SlackState, user: SlackUser): SlackChannel {
  const id = `D${user.id.slice(1)}`;
  const known = state.channels.get(id);
  if (known !== undefined) return known;
  const members = new Set([user.id, state.team.botUser]);
  const channel: SlackChannel = {
    ...{ id, name: user.name, isPrivate: true, im: user.id, members },
    ...{ topic: '', archived: false },
  };
  state.channels.set(id, channel);
  return channel;
}

/** Where a message would go; an answer where it cannot. A private channel without the bot does not exist for it. */
function place(state: SlackState, id: string): SlackChannel | SlackAnswer {
  const user = state.users.get(id);
  if (user !== undefined) return user.deleted ? no('channel_not_found') : directMessage(state, user);
  const named = id.startsWith('#')
    ? [...state.channels.values()].find(({ name }) => `#${name}` === id)
    : undefined;
  const channel = named ?? state.channels.get(id);
  if (channel === undefined) return no('channel_not_found');
  if (channel.isPrivate && !channel.members.has(state.team.botUser)) return no('channel_not_found');
  return channel;
}

function isAnswer(found: SlackChannel | SlackAnswer): found is SlackAnswer {
  return 'ok' in found;
}

function postPlace(state: SlackState, args: SlackArguments): SlackChannel | SlackAnswer {
  const found = place(state, textOf(args, 'channel'));
  if (isAnswer(found)) return found;
  if (found.archived) return no('is_archived');
  return found.members.has(state.team.botUser) ? found : no('not_in_channel');
}

function badMessage(args: SlackArguments): SlackAnswer | null {
  if (textOf(args, 'text') === '' && args.blocks === undefined) return no('no_text');
  const problems = messageProblems({ text: args.text, blocks: args.blocks });
  return problems.length === 0 ? null : no('invalid_blocks', problems);
}

function messageJson(message: SlackMessage): SlackAnswer {
  const { ts, user, text, blocks, threadTs, metadata } = message;
  return {
    ...{ type: 'message', ts, user, text, blocks, bot_id: 'B0BOT' },
    ...(threadTs === null ? {} : { thread_ts: threadTs }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function liveMessages(state: SlackState, channel: string): SlackMessage[] {
  return state.messages.filter((message) => message.channel === channel && !message.deleted);
}

const chat: Record<string, SlackMethod> = {
  'chat.postMessage': (state, args) => {
    const channel = postPlace(state, args);
    if (isAnswer(channel)) return channel;
    const bad = badMessage(args);
    if (bad !== null) return bad;
    const message: SlackMessage = {
      channel: channel.id,
      ts: `1700000000.${String(state.next()).padStart(6, '0')}`,
      user: state.team.botUser,
      text: textOf(args, 'text'),
      blocks: (args.blocks as readonly object[] | undefined) ?? [],
      threadTs: textOf(args, 'thread_ts') || null,
      metadata: args.metadata,
      ...{ edits: 0, deleted: false },
    };
    state.messages.push(message);
    return { ok: true, channel: channel.id, ts: message.ts, message: messageJson(message) };
  },
  'chat.postEphemeral': (state, args) => {
    const channel = postPlace(state, args);
    if (isAnswer(channel)) return channel;
    const bad = badMessage(args);
    if (bad !== null) return bad;
    const user = textOf(args, 'user');
    if (!channel.members.has(user)) return no('user_not_in_channel');
    const blocks = (args.blocks as readonly object[] | undefined) ?? [];
    state.ephemerals.push({ channel: channel.id, user, text: textOf(args, 'text'), blocks });
    return { ok: true, message_ts: `1700000000.${String(state.next()).padStart(6, '0')}` };
  },
  'chat.update': (state, args) => {
    const { messages } = state;
    const [channel, ts] = [textOf(args, 'channel'), textOf(args, 'ts')];
    const message = messages.find((each) => each.channel === channel && each.ts === ts && !each.deleted);
    if (message === undefined) return no('message_not_found');
    if (message.user !== state.team.botUser) return no('cant_update_message');
    const bad = badMessage(args);
    if (bad !== null) return bad;
    message.text = textOf(args, 'text');
    message.blocks = (args.blocks as readonly object[] | undefined) ?? [];
    if (args.metadata !== undefined) message.metadata = args.metadata;
    message.edits += 1;
    return { ok: true, channel, ts, text: message.text, message: messageJson(message) };
  },
  'chat.delete': (state, args) => {
    const [channel, ts] = [textOf(args, 'channel'), textOf(args, 'ts')];
    const message = liveMessages(state, channel).find((each) => each.ts === ts);
    if (message === undefined) return no('message_not_found');
    message.deleted = true;
    return { ok: true, channel, ts };
  },
  'chat.getPermalink': (state, args) => {
    const [channel, ts] = [textOf(args, 'channel'), textOf(args, 'message_ts')];
    if (!liveMessages(state, channel).some((each) => each.ts === ts)) return no('message_not_found');
    return {
      ok: true,
      channel,
      permalink: `https://slack.example/archives/${channel}/p${ts.replace('.', '')}`,
    };
  },
};

const conversations: Record<string, SlackMethod> = {
  'conversations.info': (state, args) => {
    const found = place(state, textOf(args, 'channel'));
    return isAnswer(found) ? found : { ok: true, channel: channelJson(state, found) };
  },
  'conversations.list': (state) => {
    const seen = [...state.channels.values()].filter(
      ({ im, isPrivate, members }) => im === undefined && (!isPrivate || members.has(state.team.botUser)),
    );
    return { ok: true, channels: seen.map((channel) => channelJson(state, channel)) };
  },
  'conversations.members': (state, args) => {
    const found = place(state, textOf(args, 'channel'));
    return isAnswer(found) ? found : { ok: true, members: [...found.members] };
  },
  'conversations.join': (state, args) => {
    const found = place(state, textOf(args, 'channel'));
    if (isAnswer(found)) return found;
    found.members.add(state.team.botUser);
    return { ok: true, channel: channelJson(state, found) };
  },
  'conversations.open': (state, args) => {
    const user = state.users.get(textOf(args, 'users'));
    if (user === undefined) return no('user_not_found');
    if (user.deleted) return no('user_disabled');
    return { ok: true, channel: { id: directMessage(state, user).id } };
  },
  'conversations.setTopic': (state, args) => {
    const found = place(state, textOf(args, 'channel'));
    if (isAnswer(found)) return found;
    if (!found.members.has(state.team.botUser)) return no('not_in_channel');
    if (textOf(args, 'topic').length > 250) return no('too_long');
    found.topic = textOf(args, 'topic');
    return { ok: true, channel: channelJson(state, found) };
  },
  'conversations.history': (state, args) => {
    const found = place(state, textOf(args, 'channel'));
    if (isAnswer(found)) return found;
    const messages = liveMessages(state, found.id).filter(({ threadTs }) => threadTs === null);
    return { ok: true, messages: messages.map(messageJson).reverse(), has_more: false };
  },
  'conversations.replies': (state, args) => {
    const found = place(state, textOf(args, 'channel'));
    if (isAnswer(found)) return found;
    const thread = textOf(args, 'ts');
    const messages = liveMessages(state, found.id).filter(
      ({ ts, threadTs }) => ts === thread || threadTs === thread,
    );
    if (messages.length === 0) return no('thread_not_found');
    return { ok: true, messages: messages.map(messageJson), has_more: false };
  },
};

const users: Record<string, SlackMethod> = {
  'users.info': (state, args) => {
    const user = state.users.get(textOf(args, 'user'));
    return user === undefined ? no('user_not_found') : { ok: true, user: userJson(state, user) };
  },
  'users.list': (state) => ({
    ok: true,
    members: [...state.users.values()].map((user) => userJson(state, user)),
  }),
  'users.lookupByEmail': (state, args) => {
    const wanted = textOf(args, 'email').toLowerCase();
    const user = [...state.users.values()].find(({ email }) => email?.toLowerCase() === wanted);
    if (user === undefined || user.deleted) return no('users_not_found');
    return { ok: true, user: userJson(state, user) };
  },
  'usergroups.list': (state) => ({
    ok: true,
    usergroups: [...state.groups.values()].map(({ id, handle, users: members, disabled }) => ({
      ...{ id, handle, name: handle, users: members },
      date_delete: disabled ? 1 : 0,
    })),
  }),
  'usergroups.users.list': (state, args) => {
    const group = state.groups.get(textOf(args, 'usergroup'));
    return group === undefined ? no('no_such_subteam') : { ok: true, users: group.users };
  },
  'usergroups.users.update': (state, args) => {
    const group = state.groups.get(textOf(args, 'usergroup'));
    if (group === undefined) return no('no_such_subteam');
    const wanted = (
      Array.isArray(args.users) ? args.users.map(String) : textOf(args, 'users').split(',')
    ).filter((id) => id !== '');
    if (wanted.length === 0) return no('no_users_provided');
    if (wanted.some((id) => state.users.get(id)?.deleted ?? !state.users.has(id))) return no('invalid_users');
    group.users = wanted;
    return { ok: true, usergroup: { id: group.id, handle: group.handle, users: wanted } };
  },
};

function keepView(
  state: SlackState,
  made: { readonly view: SlackArguments; readonly under: SlackView | null },
): SlackAnswer {
  const { view, under } = made;
  const problems = viewProblems(view);
  if (problems.length > 0) return no('invalid_arguments', problems);
  const id = `V${String(state.next()).padStart(6, '0')}`;
  const kept: SlackView = {
    id,
    type: view.type === 'home' ? 'home' : 'modal',
    externalId: typeof view.external_id === 'string' ? view.external_id : null,
    rootId: under?.rootId ?? id,
    previousId: under?.id ?? null,
    hash: `h${state.next()}`,
    view,
    updates: 0,
  };
  state.views.set(id, kept);
  return { ok: true, view: viewJson(state, kept) };
}

/** A view as Slack answers it and puts it into payloads. */
export function viewJson(state: SlackState, kept: SlackView): SlackAnswer {
  const { id, rootId, previousId, hash, view } = kept;
  return {
    ...{ private_metadata: '', callback_id: '', external_id: '', state: { values: {} } },
    ...view,
    ...{ id, team_id: state.team.id, hash, root_view_id: rootId, previous_view_id: previousId },
    ...{ app_id: 'A0APP', bot_id: 'B0BOT', app_installed_team_id: state.team.id },
  };
}

/** Uses a trigger up; the error where it cannot be used. */
function useTrigger(state: SlackState, args: SlackArguments): SlackAnswer | null {
  const trigger = textOf(args, 'trigger_id');
  if (trigger === '') return no('invalid_arguments');
  if (trigger.startsWith('used.')) return no('exchanged_trigger_id');
  if (!state.triggers.has(trigger)) {
    return state.triggers.has(`used.${trigger}`) ? no('exchanged_trigger_id') : no('expired_trigger_id');
  }
  state.triggers.set(`used.${trigger}`, state.triggers.get(trigger) ?? null);
  state.triggers.delete(trigger);
  return null;
}

const views: Record<string, SlackMethod> = {
  'views.open': (state, args) => {
    const refused = useTrigger(state, args);
    if (refused !== null) return refused;
    return keepView(state, { view: objectOf(args.view), under: null });
  },
  'views.push': (state, args) => {
    const from = state.triggers.get(textOf(args, 'trigger_id')) ?? null;
    const refused = useTrigger(state, args);
    if (refused !== null) return refused;
    const under = from === null ? undefined : state.views.get(from);
    if (under === undefined) return no('not_found');
    let depth = 1;
    for (let at = under; at.previousId !== null; depth += 1) {
      const below = state.views.get(at.previousId);
      if (below === undefined) break;
      at = below;
    }
    if (depth >= PUSHED_MOST) return no('push_limit_reached');
    return keepView(state, { view: objectOf(args.view), under });
  },
  'views.update': (state, args) => {
    const external = textOf(args, 'external_id');
    const id = textOf(args, 'view_id');
    const kept =
      id === ''
        ? [...state.views.values()].find(({ externalId }) => externalId === external)
        : state.views.get(id);
    if (kept === undefined) return no('not_found');
    const hash = textOf(args, 'hash');
    if (hash !== '' && hash !== kept.hash) return no('hash_conflict');
    const view = objectOf(args.view);
    const problems = viewProblems(view);
    if (problems.length > 0) return no('invalid_arguments', problems);
    kept.view = view;
    kept.hash = `h${state.next()}`;
    kept.updates += 1;
    return { ok: true, view: viewJson(state, kept) };
  },
  'views.publish': (state, args) => {
    const user = textOf(args, 'user_id');
    if (!state.users.has(user)) return no('user_not_found');
    const known = state.homes.get(user);
    const hash = textOf(args, 'hash');
    if (hash !== '' && known !== undefined && known.hash !== hash) return no('hash_conflict');
    const answer = keepView(state, { view: objectOf(args.view), under: null });
    const kept = state.views.get(String(objectOf(answer.view).id));
    if (kept !== undefined) state.homes.set(user, kept);
    return answer;
  },
};

/** What the stand-in answers to, by method. */
export const SLACK_METHODS: Readonly<Record<string, SlackMethod>> = {
  'api.test': () => ({ ok: true }),
  'auth.test': (state) => ({
    ...{ ok: true, url: `https://${state.team.domain}.slack.example/`, team: state.team.domain },
    ...{ user: 'watchbill', team_id: state.team.id, user_id: state.team.botUser, bot_id: 'B0BOT' },
  }),
  ...chat,
  ...conversations,
  ...users,
  ...views,
};
