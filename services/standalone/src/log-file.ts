import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LOG_LIMIT_BYTES = 20 * 1024 * 1024;

/** Where the JSON lines of all services go, so that the terminal stays readable. */
export interface LogFile {
  readonly path: string;
  write(line: string): void;
  close(): Promise<void>;
}

/** Opens `watchbill.log` in the folder; one that has grown large is set aside as `watchbill.log.old`. */
export function openLogFile(folder: string): LogFile {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'watchbill.log');
  if (existsSync(path) && statSync(path).size > LOG_LIMIT_BYTES) renameSync(path, `${path}.old`);
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  // A full disk must not end the process: the shifts matter more than their log.
  stream.on('error', () => undefined);
  return {
    path,
    write: (line) => void stream.write(line),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  };
}
