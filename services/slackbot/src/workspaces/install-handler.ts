import type { RequestListener } from 'node:http';
import { HTTPReceiver, type InstallationStore } from '@slack/bolt';
import type { SlackOAuth } from '@watchbill/runtime';
import { BOT_SCOPES } from '../scopes.ts';
import { clientOptions, type SlackAddress } from '../web/slack-clients.ts';

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
    },
  });
  return receiver.requestListener;
}
