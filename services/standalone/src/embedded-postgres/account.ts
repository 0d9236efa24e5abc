import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The user that PostgreSQL runs as; `undefined` means the user of this process. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. These are the accounts we drop to, best first. */
const PREFERRED_ACCOUNTS = ['postgres', 'nobody'] as const;

function readAccounts(): ReadonlyMap<string, Account> {
  const accounts = new Map<string, Account>();
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid) accounts.set(name, { name, uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}

/**
 * The account to run PostgreSQL as: `undefined` for an ordinary user (no change is needed), else `postgres`
 * where there is one, else `nobody`. Throws where root has neither.
 */
export function postgresAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readAccounts();
  for (const name of PREFERRED_ACCOUNTS) {
    const account = accounts.get(name);
    if (account !== undefined && account.uid !== 0) return account;
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither a "postgres" nor a "nobody" user to run it as. Start Watchbill as an ordinary user, or set DATABASE_URL to a server of your own.',
  );
}

/** Spawn options that make a child run as the account. */
export function runAs(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}

/**
 * Whether the account can enter a folder, or read a file. Asked of the system itself rather than of the mode
 * bits, so that access lists and odd mounts count too.
 */
export function canReach(account: Account | undefined, path: string): boolean {
  if (account === undefined) return true;
  const test = spawnSync('/bin/sh', ['-c', '{ test -d "$1" && test -x "$1"; } || test -r "$1"', 'sh', path], {
    ...runAs(account),
    cwd: '/',
    stdio: 'ignore',
  });
  return test.status === 0;
}
