import type { RequestListener, ServerResponse } from 'node:http';
import { type CodedError, HTTPReceiver, type InstallationStore } from '@slack/bolt';
import type { SlackOAuth } from '@watchbill/runtime';
import { BOT_SCOPES } from '../scopes.ts';
import { clientOptions, type SlackAddress } from '../web/slack-clients.ts';
import { InstallationError } from './installation.ts';

export const INSTALL_PATH = '/slack/install';
export const OAUTH_REDIRECT_PATH = '/slack/oauth_redirect';
/** Where people are sent to allow the app, at the same Slack as the Web API. */
const AUTHORIZE_PATH = '/oauth/v2/authorize';

/**
 * Serves the page that installs the app and the address to which Slack sends people back. It takes no events, so that
 * it works beside Socket Mode too.
 */
export function installHandler(
  oauth: SlackOAuth,
  place: {
    readonly store: InstallationStore;
    readonly address: SlackAddress;
    /** How people reach this server. */
    readonly publicUrl: string;
  },
): RequestListener {
  const { store, address, publicUrl } = place;
  const receiver = new HTTPReceiver({
    // No endpoint takes events here, so nothing is ever taken without a signature.
    endpoints: [],
    signingSecret: '',
    signatureVerification: false,
    logger: address.logger,
    ...oauth,
    scopes: BOT_SCOPES.map(({ scope }) => scope),
    installationStore: store,
    redirectUri: `${publicUrl}${OAUTH_REDIRECT_PATH}`,
    installerOptions: {
      clientOptions: clientOptions(address),
      installPath: INSTALL_PATH,
      redirectUriPath: OAUTH_REDIRECT_PATH,
      authorizationUrl: new URL(AUTHORIZE_PATH, address.apiUrl).href,
      callbackOptions: { failure: (...[error, , , response]) => refuse(error, response) },
    },
  });
  return receiver.requestListener;
}

/** What Slack's library says of a request that was not begun in this browser, or not finished at Slack. */
const NOT_BEGUN_HERE = ['slack_oauth_missing_state', 'slack_oauth_invalid_state', 'slack_oauth_missing_code'];

/** Says in the browser why nothing was installed, and what to do. */
function refuse(error: CodedError, response: ServerResponse): void {
  const [status, why] = refusalOf(error);
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`The app was not installed. ${why}\n`);
}

function refusalOf(error: CodedError): readonly [status: number, why: string] {
  if (error instanceof InstallationError) return [403, error.message];
  if (NOT_BEGUN_HERE.includes(error.code)) {
    return [
      400,
      `Begin again at ${INSTALL_PATH} in this browser, and allow the app there within ten minutes.`,
    ];
  }
  return [502, `Slack did not finish it, or could not be reached. Begin again at ${INSTALL_PATH}.`];
}
