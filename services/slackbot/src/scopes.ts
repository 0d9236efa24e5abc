import type { AppsManifestCreateArguments } from '@slack/web-api';

type OAuthConfig = NonNullable<AppsManifestCreateArguments['manifest']['oauth_config']>;

/** A right that the app asks for, and what for, in plain words. */
export interface BotScope {
  /** One that Slack knows: the compiler finds a mistyped one. */
  readonly scope: NonNullable<NonNullable<OAuthConfig['scopes']>['bot']>[number];
  readonly why: string;
}

/** What the bot needs in a workspace. The manifests in infra/slack ask for exactly these. */
export const BOT_SCOPES: readonly BotScope[] = [
  { scope: 'channels:history', why: 'to find a message again after a lost answer' },
  { scope: 'channels:read', why: 'to find channels by their name' },
  { scope: 'channels:write.topic', why: 'to keep the topic of a channel up to date' },
  { scope: 'chat:write', why: 'to write messages' },
  { scope: 'chat:write.public', why: 'to write in public channels that it was not invited to' },
  { scope: 'commands', why: 'to answer /oncall' },
  { scope: 'groups:history', why: 'to find a message again in private channels' },
  { scope: 'groups:read', why: 'to see private channels that it was invited to' },
  { scope: 'groups:write.topic', why: 'to keep the topic of a private channel up to date' },
  { scope: 'im:history', why: 'to find a direct message again after a lost answer' },
  { scope: 'im:write', why: 'to write direct messages' },
  { scope: 'metadata.message:read', why: 'to know its own messages again' },
  { scope: 'usergroups:read', why: 'to see who is in a user group' },
  { scope: 'usergroups:write', why: 'to keep a user group at who is on call' },
  { scope: 'users:read', why: 'to know time zones and who has left' },
  { scope: 'users:read.email', why: 'to link people by their e-mail' },
];
