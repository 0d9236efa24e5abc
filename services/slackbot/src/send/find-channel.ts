import type { WebClient } from '@slack/web-api';

const PAGES = 20;
const PAGE_SIZE = 500;
const KEEP_MS = 10 * 60_000;
const MISS_MS = 60_000;
const MAX_KEPT = 2_000;

/** Finds channels by their names. */
export interface ChannelNames {
  /** The id of a channel that is named `#payments`, or the id itself where it is one; null for an unknown name. */
  idOf(client: WebClient, workspace: string, channel: string): Promise<string | null>;
}

const ID = /^[CGD][A-Z0-9]{2,30}$/;

export function createChannelNames(now: () => number = () => performance.now()): ChannelNames {
  const kept = new Map<string, { readonly id: string | null; readonly until: number }>();
  return {
    idOf: async (client, workspace, channel) => {
      if (ID.test(channel)) return channel;
      const name = channel.replace(/^#/, '').toLowerCase();
      const key = `${workspace} ${name}`;
      const known = kept.get(key);
      if (known !== undefined && known.until > now()) return known.id;
      const id = await search(client, name);
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(key, { id, until: now() + (id === null ? MISS_MS : KEEP_MS) });
      return id;
    },
  };
}

async function search(client: WebClient, name: string): Promise<string | null> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const list = await client.conversations.list({
      types: 'public_channel,private_channel',
      exclude_archived: true,
      limit: PAGE_SIZE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const found = list.channels?.find((channel) => channel.name?.toLowerCase() === name);
    if (found?.id !== undefined) return found.id;
    cursor = list.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return null;
  }
  return null;
}
