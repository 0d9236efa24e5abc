import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type Account, canReach } from './account.ts';

/** The folder that is used, and whether it is another one than was asked for. */
export interface StateFolder {
  readonly path: string;
  readonly movedFrom: string | undefined;
}

/**
 * Makes the folder that holds the data. A checkout under a private home cannot hold it when PostgreSQL runs as
 * another user, since that user cannot enter it: then a folder of the same name under /var/lib is used, else
 * under the system's folder for temporary files. Throws where none of them works.
 */
export function prepareStateFolder(wanted: string, account: Account | undefined): StateFolder {
  const asked = resolve(wanted);
  mkdirSync(asked, { recursive: true });
  if (canReach(account, asked)) return { path: asked, movedFrom: undefined };
  const name = `${basename(asked).replace(/^\./, '')}-${createHash('sha256').update(asked).digest('hex').slice(0, 8)}`;
  for (const parent of ['/var/lib/watchbill', join(tmpdir(), 'watchbill')]) {
    const path = join(parent, name);
    if (makeOwnFolder(parent) && makeOwnFolder(path) && canReach(account, path)) {
      return { path, movedFrom: asked };
    }
  }
  throw new Error(
    `The user "${account?.name}", which PostgreSQL runs as, can enter neither ${asked} nor a folder under /var/lib or ${tmpdir()}. Name a folder it can enter with --state, or set DATABASE_URL to a server of your own.`,
  );
}

/** Makes the folder, or takes an existing one that is really a folder of this user's: never somebody else's. */
function makeOwnFolder(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o755 });
    const stat = lstatSync(path);
    return stat.isDirectory() && stat.uid === process.getuid?.();
  } catch {
    return false;
  }
}

/** Gives a folder or file to the account; nothing for an ordinary user. */
export function giveTo(account: Account | undefined, path: string): void {
  if (account !== undefined) chownSync(path, account.uid, account.gid);
}
