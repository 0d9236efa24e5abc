import { hash } from 'node:crypto';
import { hashSecret, looksLikeToken } from '@watchbill/commands';
import { type Database, findValidToken, markTokenUsed, type TokenRow } from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';

/** Who sent a request: a token. */
export interface Caller {
  readonly tokenId: string;
  /** For the record of what is changed: the token's name and id. */
  readonly actor: string;
  readonly scopes: readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the token was checked, and for whoever sent none. */
    caller: Caller | null;
  }
}

export interface Authenticator {
  /** The caller of a token, from memory; undefined when memory does not know it, null when it is known to be none. */
  recall(token: string): Caller | null | undefined;
  /** The caller of a token, from the database; null when there is none. */
  look(token: string): Promise<Caller | null>;
  /** Forgets everything: some token was revoked, or notices may have been missed. */
  forget(): void;
  /** Whether revocations reach us. While they do not, nothing is answered from memory. */
  setLive(live: boolean): void;
}

/** How long a token is believed without another look, in real time. A revocation is told at once as well. */
const BELIEVED_MS = 5_000;
const MAX_REMEMBERED = 10_000;
/** `last_used_at` is written this often at most. */
const MARK_EVERY_MS = 60_000;

interface Remembered {
  readonly caller: Caller | null;
  readonly until: number;
}

/** Knows tokens by their SHA-256 only; the tokens themselves are not kept. */
export function createAuthenticator(database: Database, logger: Logger): Authenticator {
  const remembered = new Map<string, Remembered>();
  const marked = new Map<string, number>();
  let live = false;
  let generation = 0;

  const remember = (key: string, found: TokenRow | null): Caller | null => {
    const caller =
      found === null
        ? null
        : { tokenId: found.id, actor: `${found.name} (${found.id})`, scopes: found.scopes };
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, {
      caller,
      until: Math.min(Date.now() + BELIEVED_MS, found?.expiresAt ?? Number.POSITIVE_INFINITY),
    });
    return caller;
  };
  const markUsed = (id: string): void => {
    const now = Date.now();
    if (now - (marked.get(id) ?? 0) < MARK_EVERY_MS) return;
    if (marked.size >= MAX_REMEMBERED) marked.clear();
    marked.set(id, now);
    markTokenUsed(database, id).catch((error: unknown) =>
      logger.warn({ err: error, tokenId: id }, 'use not noted'),
    );
  };

  return {
    recall: (token) => {
      if (!live) return undefined;
      const known = remembered.get(keyOf(token));
      return known === undefined || known.until <= Date.now() ? undefined : known.caller;
    },
    look: async (token) => {
      if (!looksLikeToken(token)) return null;
      const seen = generation;
      const found = await findValidToken(database, hashSecret(token));
      if (found !== null) markUsed(found.id);
      // A revocation may have come in between: then the next request looks again.
      const caller = remember(keyOf(token), found);
      if (seen !== generation) remembered.clear();
      return caller;
    },
    forget: () => {
      generation += 1;
      remembered.clear();
    },
    setLive: (next) => {
      live = next;
      generation += 1;
      remembered.clear();
    },
  };
}

function keyOf(token: string): string {
  return hash('sha256', token, 'base64');
}
