import { hash } from 'node:crypto';
import { hashSecret, looksLikeIntakeKey } from '@watchbill/commands';
import { type Database, markIntakeUsed, type OpenIntake, openIntakeByHash } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';

export interface OpenIntakes {
  /** The active intake of a key, or null. */
  find(key: string): Promise<OpenIntake | null>;
  /** Forgets what was looked up: something was changed here. */
  forget(): void;
}

/** How long what a key led to is believed without another look, in real time: in a storm each look would cost. */
const BELIEVED_MS = 2_000;
const MAX_REMEMBERED = 10_000;
/** `last_used_at` is written this often at most. */
const MARK_EVERY_MS = 60_000;

interface Remembered {
  readonly found: Promise<OpenIntake | null>;
  readonly until: number;
}

/** Knows keys by their SHA-256 only; the keys themselves are not kept. Requests that come at once share one look. */
export function createOpenIntakes(database: Database, logger: Logger): OpenIntakes {
  const remembered = new Map<string, Remembered>();
  const marked = new Map<string, number>();
  const markUsed = (id: string): void => {
    const now = Date.now();
    if (now - (marked.get(id) ?? 0) < MARK_EVERY_MS) return;
    if (marked.size >= MAX_REMEMBERED) marked.clear();
    marked.set(id, now);
    markIntakeUsed(database, id).catch((error: unknown) =>
      logger.warn({ err: error, intake: id }, 'use not noted'),
    );
  };
  const look = async (key: string): Promise<OpenIntake | null> => {
    const found = await openIntakeByHash(database, hashSecret(key));
    if (found !== null) markUsed(found.id);
    return found;
  };
  return {
    find: (key) => {
      if (!looksLikeIntakeKey(key)) return Promise.resolve(null);
      const name = hash('sha256', key, 'base64');
      const known = remembered.get(name);
      if (known !== undefined && known.until > Date.now()) return known.found;
      if (remembered.size >= MAX_REMEMBERED) remembered.clear();
      const found = look(key);
      remembered.set(name, { found, until: Date.now() + BELIEVED_MS });
      // A failed look is not believed.
      found.catch(() => remembered.delete(name));
      return found;
    },
    forget: () => remembered.clear(),
  };
}
