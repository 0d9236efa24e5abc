/** Somebody of the workspace, as Slack tells it. */
export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  /** Left out where the workspace hides it. */
  readonly email?: string;
  readonly tz?: string;
  readonly deleted?: boolean;
  readonly isBot?: boolean;
  /** A multi-channel guest. */
  readonly isRestricted?: boolean;
  /** A single-channel guest. */
  readonly isUltraRestricted?: boolean;
  /** The workspace they belong to, where it is another one: a stranger in a shared channel. */
  readonly team?: string;
}

export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  /** The other end of a direct message. */
  readonly im?: string;
  readonly members: Set<string>;
  topic: string;
  archived: boolean;
}

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  text: string;
  blocks: readonly object[];
  readonly threadTs: string | null;
  metadata: unknown;
  edits: number;
  deleted: boolean;
}

export interface SlackView {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly externalId: string | null;
  readonly rootId: string;
  readonly previousId: string | null;
  hash: string;
  /** As sent, so that a test finds what a person would see. */
  view: Readonly<Record<string, unknown>>;
  updates: number;
}

export interface SlackUserGroup {
  readonly id: string;
  readonly handle: string;
  users: readonly string[];
  disabled: boolean;
}

/** A message that only one person sees. */
export interface SlackEphemeral {
  readonly channel: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly object[];
}

/** Everything the stand-in knows. Tests may read and change it. */
export interface SlackState {
  readonly team: { readonly id: string; readonly domain: string; readonly botUser: string };
  readonly users: Map<string, SlackUser>;
  readonly channels: Map<string, SlackChannel>;
  readonly messages: SlackMessage[];
  readonly ephemerals: SlackEphemeral[];
  readonly views: Map<string, SlackView>;
  /** The home tab of each user. */
  readonly homes: Map<string, SlackView>;
  readonly groups: Map<string, SlackUserGroup>;
  /** Trigger ids that may be used once, with the view they came from (null: a command, a shortcut, a message). */
  readonly triggers: Map<string, string | null>;
  /** Makes ids and timestamps: each number is given once. */
  next(): number;
}

export function emptySlackState(): SlackState {
  let counter = 0;
  return {
    team: { id: 'T0WATCH', domain: 'watch', botUser: 'U0BOT' },
    users: new Map(),
    channels: new Map(),
    messages: [],
    ephemerals: [],
    views: new Map(),
    homes: new Map(),
    groups: new Map(),
    triggers: new Map(),
    next: () => {
      counter += 1;
      return counter;
    },
  };
}
