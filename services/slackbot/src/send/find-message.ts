import type { WebClient } from '@slack/web-api';
import type { LeasedSlackMessage } from '@watchbill/database';

/** What each message of ours carries, so that it is known again. Nobody sees it. */
export const METADATA_TYPE = 'watchbill_message';
const PAGES = 5;
const PAGE_SIZE = 100;
/** The clocks of Slack and of the database may differ by this much. */
const CLOCK_MARGIN_MS = 120_000;

interface Found {
  readonly channel: string;
  readonly ts: string;
}

interface History {
  readonly messages?: readonly { readonly ts?: string; readonly metadata?: unknown }[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

export function metadataOf(message: Pick<LeasedSlackMessage, 'id'>): {
  event_type: string;
  event_payload: Record<string, string>;
} {
  return { event_type: METADATA_TYPE, event_payload: { id: message.id } };
}

/**
 * Looks whether Slack took a message whose sending ended unknown: by its metadata, in its channel or thread, since it
 * was sent. Null when it is not there. Rejects when Slack does not tell.
 */
export async function findMessage(
  client: WebClient,
  message: LeasedSlackMessage,
  at: { readonly channel: string; readonly threadTs: string | null },
): Promise<Found | null> {
  const since = (message.sendingAt ?? message.createdAt) - CLOCK_MARGIN_MS;
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const asked = {
      channel: at.channel,
      oldest: String(since / 1_000),
      include_all_metadata: true,
      limit: PAGE_SIZE,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const history: History =
      at.threadTs === null
        ? await client.conversations.history(asked)
        : await client.conversations.replies({ ...asked, ts: at.threadTs });
    const found = history.messages?.find(({ metadata }) => idOf(metadata) === message.id);
    if (found?.ts !== undefined) return { channel: at.channel, ts: found.ts };
    cursor = history.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return null;
  }
  return null;
}

function idOf(metadata: unknown): string | null {
  const { event_type: type, event_payload: payload } = (metadata ?? {}) as {
    readonly event_type?: unknown;
    readonly event_payload?: { readonly id?: unknown };
  };
  return type === METADATA_TYPE && typeof payload?.id === 'string' ? payload.id : null;
}
