import { hash } from 'node:crypto';
import { hashSecret, looksLikeSession, looksLikeToken, SESSION_IDLE_MS } from '@watchbill/commands';
import {
  type Database,
  findSessionCaller,
  findValidToken,
  markSessionUsed,
  markTokenUsed,
  type SessionCaller,
} from '@watchbill/database';
import type { Logger } from '@watchbill/runtime';
import { scopesOf } from '../sign-in/role-scopes.ts';

/** Who sent a request: a token, or somebody who is signed in. */
export interface Caller {
  /** Of the token, or of the session. */
  readonly tokenId: string;
  /** For the record of what is changed: the name of the token or account, and its id. */
  readonly actor: string;
  readonly scopes: readonly string[];
  /** Null for a token. */
  readonly session: SessionCaller | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until the token was checked, and for whoever sent none. */
    caller: Caller | null;
  }
}

export interface Authenticator {
  /** The caller of a token or of a session's secret, from memory; undefined when memory does not know it, null when it is known to be none. */
  recall(token: string): Caller | null | undefined;
  /** The same from the database; null when there is none. */
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

  const remember = (key: string, found: Found | null): Caller | null => {
    const caller = found?.caller ?? null;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, {
      caller,
      until: Math.min(Date.now() + BELIEVED_MS, found?.expiresAt ?? Number.POSITIVE_INFINITY),
    });
    return caller;
  };
  const markUsed = ({ tokenId: id, session }: Caller): void => {
    const now = Date.now();
    if (now - (marked.get(id) ?? 0) < MARK_EVERY_MS) return;
    if (marked.size >= MAX_REMEMBERED) marked.clear();
    marked.set(id, now);
    const mark = session === null ? markTokenUsed : markSessionUsed;
    mark(database, id).catch((error: unknown) => logger.warn({ err: error, tokenId: id }, 'use not noted'));
  };

  return {
    recall: (token) => {
      if (!live) return undefined;
      const known = remembered.get(keyOf(token));
      return known === undefined || known.until <= Date.now() ? undefined : known.caller;
    },
    look: async (token) => {
      const find = looksLikeToken(token) ? findByToken : looksLikeSession(token) ? findBySession : null;
      if (find === null) return null;
      const seen = generation;
      const found = await find(database, token);
      if (found !== null) markUsed(found.caller);
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

interface Found {
  readonly caller: Caller;
  readonly expiresAt: number | null;
}

async function findByToken(database: Database, token: string): Promise<Found | null> {
  const row = await findValidToken(database, hashSecret(token));
  if (row === null) return null;
  const { id, name, scopes, expiresAt } = row;
  return { caller: { tokenId: id, actor: `${name} (${id})`, scopes, session: null }, expiresAt };
}

async function findBySession(database: Database, secret: string): Promise<Found | null> {
  const found = await findSessionCaller(database, hashSecret(secret), SESSION_IDLE_MS / 1000);
  if (found === null) return null;
  const actor = `${found.name} (${found.account})`;
  return {
    caller: { tokenId: found.session, actor, scopes: scopesOf(found), session: found },
    expiresAt: found.expiresAt,
  };
}

function keyOf(token: string): string {
  return hash('sha256', token, 'base64');
}
