import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** What the server writes about itself into its data folder while it runs. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; `undefined` where there is none, or it is not complete yet. */
export function readPostmasterFile(dataFolder: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number.isInteger(port) ? port : 0, ready: lines[7]?.trim() === 'ready' };
}

/** Whether the process runs, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Whether the process of the file is really the server of this data folder. After a kill and a reboot the number
 * may belong to somebody else; on Linux the server's working folder tells, elsewhere its answer on the port.
 */
export async function isPostmasterOf(dataFolder: string, postmaster: Postmaster): Promise<boolean> {
  if (!isAlive(postmaster.pid)) return false;
  if (process.platform === 'linux') {
    try {
      return readlinkSync(`/proc/${postmaster.pid}/cwd`) === realpathSync(dataFolder);
    } catch {
      return answersAsPostgres(postmaster.port);
    }
  }
  return !postmaster.ready || answersAsPostgres(postmaster.port);
}

/** Length 8 and the code of an SSLRequest: every PostgreSQL answers it with one letter. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const ANSWER_TIMEOUT_MS = 2_000;

function answersAsPostgres(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(SSL_REQUEST));
    const answer = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => answer(false));
    socket.once('data', (data) => answer(data[0] === 0x4e || data[0] === 0x53));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
  });
}
