import type { WebClient } from '@slack/web-api';
import { isZone, type ZoneName } from '@watchbill/core';

/** What Slack says of an account, as far as we need it. */
export interface Profile {
  readonly name: string;
  /** The zone of their profile; null where Slack does not tell one that we know. */
  readonly zone: ZoneName | null;
  readonly deactivated: boolean;
  readonly guest: boolean;
  readonly bot: boolean;
  /** Belongs to another workspace: somebody in a shared channel. */
  readonly stranger: boolean;
}

export interface Profiles {
  /** Null where Slack does not answer in time: then people are read by what we know ourselves. */
  find(
    client: WebClient,
    account: { readonly workspace: string; readonly slackUser: string },
  ): Promise<Profile | null>;
}

const KEEP_MS = 5 * 60_000;
const KEPT_MOST = 10_000;
/** A trigger lives three seconds: a profile is not worth more of them than this. */
const PATIENCE_MS = 1_000;

interface Kept {
  readonly profile: Profile;
  readonly readAt: number;
}

/** Asks Slack for profiles, and keeps each for some minutes. */
export function openProfiles(clock: () => number = () => performance.now()): Profiles {
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<Profile | null>>();
  const ask = async (client: WebClient, key: string, slackUser: string): Promise<Profile | null> => {
    try {
      const profile = profileOf((await client.users.info({ user: slackUser })).user ?? {}, key);
      if (kept.size >= KEPT_MOST) kept.delete(kept.keys().next().value ?? key);
      kept.set(key, { profile, readAt: clock() });
      return profile;
    } catch {
      // What Slack does not say is not needed to answer; the caller goes on with what is stored.
      return kept.get(key)?.profile ?? null;
    } finally {
      asked.delete(key);
    }
  };
  return {
    find: async (client, { workspace, slackUser }) => {
      const key = `${workspace}.${slackUser}`;
      const known = kept.get(key);
      if (known !== undefined && clock() - known.readAt < KEEP_MS) return known.profile;
      const asking = asked.get(key) ?? ask(client, key, slackUser);
      asked.set(key, asking);
      return withinPatience(asking, known?.profile ?? null);
    },
  };
}

async function withinPatience(
  asking: Promise<Profile | null>,
  otherwise: Profile | null,
): Promise<Profile | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Profile | null>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), PATIENCE_MS);
  });
  try {
    return await Promise.race([asking, late]);
  } finally {
    clearTimeout(timer);
  }
}

interface SlackUserFacts {
  readonly name?: string;
  readonly real_name?: string;
  readonly team_id?: string;
  readonly tz?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  readonly is_restricted?: boolean;
  readonly is_ultra_restricted?: boolean;
  readonly is_stranger?: boolean;
}

function profileOf(user: SlackUserFacts, key: string): Profile {
  const { tz, team_id: team } = user;
  return {
    name: user.real_name ?? user.name ?? '',
    zone: tz !== undefined && isZone(tz) ? tz : null,
    deactivated: user.deleted ?? false,
    guest: (user.is_restricted ?? false) || (user.is_ultra_restricted ?? false),
    bot: user.is_bot ?? false,
    // In an organisation the id of the installation (E…) is not the team of its members.
    stranger: user.is_stranger ?? (team !== undefined && key.startsWith('T') && !key.startsWith(`${team}.`)),
  };
}
