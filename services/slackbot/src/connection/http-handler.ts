import type { RequestListener } from 'node:http';
import { HTTPReceiver } from '@slack/bolt';
import type { SlackAddress } from '../web/slack-clients.ts';
import { INSTALL_PATH, OAUTH_REDIRECT_PATH } from '../workspaces/install-handler.ts';

/** Where Slack sends its requests in HTTP mode. */
export const EVENTS_PATH = '/slack/events';

/** Bolt's own receiver of signed requests; it listens nowhere by itself. */
export function httpReceiver(signingSecret: string, address: SlackAddress): HTTPReceiver {
  return new HTTPReceiver({ signingSecret, endpoints: [EVENTS_PATH], logger: address.logger });
}

/**
 * Everything below `/slack/`, to be handed the raw request: the signature counts its bytes, so nobody may have read
 * the body before. What there is not gets 404.
 */
export function slackHandler(parts: {
  readonly events: RequestListener | null;
  readonly install: RequestListener | null;
}): RequestListener {
  return (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const handler =
      path === EVENTS_PATH && request.method === 'POST'
        ? parts.events
        : (path === INSTALL_PATH || path === OAUTH_REDIRECT_PATH) && request.method === 'GET'
          ? parts.install
          : null;
    if (handler === null) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: 'there is nothing for Slack here' }));
      return;
    }
    handler(request, response);
  };
}
