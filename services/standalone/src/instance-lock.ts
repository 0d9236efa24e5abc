import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Held while a process runs on a state folder. */
export interface InstanceLock {
  /** Adds the address for the message that a second instance gets. */
  announce(url: string): void;
  release(): void;
}

/** Another process runs on the folder; the message says which and what to do. */
export class AlreadyRunningError extends Error {}

interface Holder {
  readonly pid: number;
  /** When that process started, where the system tells: its number alone may belong to another one by now. */
  readonly startedAt: string | null;
  readonly url?: string;
}

const FILE = 'instance.json';

/** Takes the folder for this process. Throws AlreadyRunningError where a live process has it; a dead one's is taken over. */
export function lockInstance(stateFolder: string): InstanceLock {
  mkdirSync(stateFolder, { recursive: true });
  const file = join(stateFolder, FILE);
  const mine: Holder = { pid: process.pid, startedAt: startOf(process.pid) };
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify(mine), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = readHolder(file);
      if (attempt > 0 || (holder !== undefined && isRunning(holder)))
        throw alreadyRunning(stateFolder, holder);
      rmSync(file, { force: true });
    }
  }
  const isMine = (): boolean => readHolder(file)?.pid === process.pid;
  return {
    announce: (url) => {
      if (isMine()) writeFileSync(file, JSON.stringify({ ...mine, url }));
    },
    release: () => {
      if (isMine()) rmSync(file, { force: true });
    },
  };
}

function alreadyRunning(stateFolder: string, holder: Holder | undefined): AlreadyRunningError {
  const who = holder === undefined ? '' : ` (process ${holder.pid}${holder.url ? `, ${holder.url}` : ''})`;
  return new AlreadyRunningError(
    `Watchbill already runs on ${stateFolder}${who}. Stop that one first, or give this one a folder of its own with --state.`,
  );
}

function readHolder(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Holder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(holder: Holder): boolean {
  if (holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return holder.startedAt === startOf(holder.pid);
}

/** The start of a process in the system's own count since boot; null where the system has no /proc. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses and may hold anything; the start is the 22nd field.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
