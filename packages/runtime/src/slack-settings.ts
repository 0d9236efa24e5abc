import { toUrl } from './setting-shapes.ts';

/** What several workspaces need to install the app by OAuth. */
export interface SlackOAuth {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly stateSecret: string;
  /** The workspaces that may install it, by team id: the address to do so is open to everybody. */
  readonly workspaces: readonly string[];
}

/** How the bot reaches Slack, and Slack the bot. */
export interface SlackSettings {
  /**
   * `socket`: the bot opens a connection to Slack, and needs no public address. `http`: Slack sends requests to
   * `/slack/events`. `off`: no token is set, so there is no bot.
   */
  readonly mode: 'off' | 'socket' | 'http';
  /** Ends in a slash. */
  readonly apiUrl: string;
  /** Of the one workspace that needs no OAuth. */
  readonly botToken: string | null;
  /** With `socket`. */
  readonly appToken: string | null;
  /** With `http`. */
  readonly signingSecret: string | null;
  readonly oauth: SlackOAuth | null;
  /** Where a bot in a process of its own listens for Slack and for installations; 0 takes a free port. */
  readonly port: number;
}

export const SLACK_DEFAULTS = { apiUrl: 'https://slack.com/api/', port: 4402 } as const;

const KEY_BYTES = 32;
const MAX_KEYS = 8;
const MAX_PORT = 65_535;
const OAUTH = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET', 'SLACK_WORKSPACES'] as const;
const MAX_WORKSPACES = 100;
const WORKSPACE = /^T[A-Z0-9]{2,20}$/;

type Given = Readonly<Record<string, string>>;

interface Read<T> {
  readonly value: T;
  readonly problems: readonly string[];
}

/** Reads the SLACK_… variables; none of them set means that there is no bot. */
export function readSlackSettings(given: Given): Read<SlackSettings> {
  const botToken = given.SLACK_BOT_TOKEN?.trim() ?? null;
  const appToken = given.SLACK_APP_TOKEN?.trim() ?? null;
  const signingSecret = given.SLACK_SIGNING_SECRET?.trim() ?? null;
  const oauth = oauthOf(given);
  const apiUrl = given.SLACK_API_URL?.trim() ?? SLACK_DEFAULTS.apiUrl;
  const port = given.SLACK_PORT === undefined ? SLACK_DEFAULTS.port : Number(given.SLACK_PORT);
  const mode = appToken !== null ? 'socket' : signingSecret !== null ? 'http' : 'off';
  const problems = [
    ...(botToken !== null && !botToken.startsWith('xoxb-')
      ? ['SLACK_BOT_TOKEN: must begin with xoxb-; it is the "Bot User OAuth Token" of the app.']
      : []),
    ...(appToken !== null && !appToken.startsWith('xapp-')
      ? ['SLACK_APP_TOKEN: must begin with xapp-; it is an app-level token with connections:write.']
      : []),
    ...(isApiUrl(apiUrl) ? [] : ['SLACK_API_URL: must be an http(s) address that ends in a slash.']),
    ...(Number.isInteger(port) && port >= 0 && port <= MAX_PORT
      ? []
      : [`SLACK_PORT: must be a whole number from 0 to ${MAX_PORT}.`]),
    ...oauthProblems(given),
    ...missing({ mode, botToken, oauth }),
  ];
  return { value: { mode, apiUrl, botToken, appToken, signingSecret, oauth, port }, problems };
}

/** Keys that encrypt what must not be stored in the clear: the first one encrypts, every one decrypts. */
export function readSecretKeys(given: Given): Read<readonly Uint8Array[]> {
  const text = given.WATCHBILL_SECRET_KEY;
  if (text === undefined) {
    const needed = OAUTH.some((name) => given[name] !== undefined);
    const message =
      'WATCHBILL_SECRET_KEY: is needed with SLACK_CLIENT_ID, to encrypt the tokens of workspaces.';
    return { value: [], problems: needed ? [message] : [] };
  }
  const keys = text.split(',').map((part) => Buffer.from(part.trim(), 'base64'));
  const fine = keys.length <= MAX_KEYS && keys.every((key) => key.length === KEY_BYTES);
  if (fine) return { value: keys, problems: [] };
  const message = `WATCHBILL_SECRET_KEY: must be ${KEY_BYTES} random bytes in base64 (openssl rand -base64 32), or up to ${MAX_KEYS} of them separated by commas, the newest first.`;
  return { value: [], problems: [message] };
}

function oauthOf(given: Given): SlackOAuth | null {
  const [clientId, clientSecret, stateSecret, listed] = OAUTH.map((name) => given[name]?.trim());
  if (clientId === undefined || clientSecret === undefined || stateSecret === undefined) return null;
  if (listed === undefined) return null;
  return { clientId, clientSecret, stateSecret, workspaces: listed.split(',').map((id) => id.trim()) };
}

function oauthProblems(given: Given): string[] {
  const unset = OAUTH.filter((name) => given[name] === undefined);
  if (unset.length === OAUTH.length) return [];
  const workspaces = oauthOf(given)?.workspaces ?? [];
  if (unset.length === 0) {
    if (workspaces.length <= MAX_WORKSPACES && workspaces.every((id) => WORKSPACE.test(id))) return [];
    return [
      `SLACK_WORKSPACES: must be up to ${MAX_WORKSPACES} team ids such as T0ACME, separated by commas.`,
    ];
  }
  return [`${unset.join(' and ')}: must be set too, or none of ${OAUTH.join(', ')}.`];
}

function missing({
  mode,
  botToken,
  oauth,
}: Pick<SlackSettings, 'mode' | 'botToken' | 'oauth'>): readonly string[] {
  const known = botToken !== null || oauth !== null;
  if (mode === 'off' && known) {
    return [
      'SLACK_APP_TOKEN: is missing (or SLACK_SIGNING_SECRET, where Slack can reach a public address): a token alone hears nothing.',
    ];
  }
  if (mode !== 'off' && !known) {
    return ['SLACK_BOT_TOKEN: is missing (or SLACK_CLIENT_ID and its secrets, for several workspaces).'];
  }
  return [];
}

function isApiUrl(text: string): boolean {
  const url = toUrl(text);
  return url !== undefined && ['http:', 'https:'].includes(url.protocol) && text.endsWith('/');
}
