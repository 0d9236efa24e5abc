import { createReadStream } from 'node:fs';
import { lstat, rename, rm, writeFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import pc from 'picocolors';
import { BadInput } from './input/bad-input.ts';
import type { Io } from './io.ts';
import { EXIT_BAD_INPUT } from './io.ts';
import { run } from './run.ts';

/** The process around `run`: real files, streams and clock, and the arguments of the command line. */

const STDIN_FD = 0;

async function readBytes(path: string, maxBytes: number): Promise<Uint8Array> {
  const name = path === '-' ? 'standard input' : path;
  const source =
    path === '-' ? createReadStream('', { fd: STDIN_FD, autoClose: false }) : createReadStream(path);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) {
        throw new BadInput(`${name}: the input is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB.`);
      }
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof BadInput ? error : new BadInput(`${name}: ${reasonOf(error)}.`);
  }
  return Buffer.concat(chunks);
}

async function writeOut(path: string, text: string): Promise<void> {
  try {
    if (await isPlainOrMissing(path)) await replaceFile(path, text);
    else await writeFile(path, text);
  } catch (error) {
    throw new BadInput(`${path}: ${reasonOf(error)}.`);
  }
}

/** Whoever reads the file meanwhile sees the old text or the new, never a part. */
async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  try {
    await writeFile(fresh, text);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** Devices, pipes and links are written to, not replaced. */
async function isPlainOrMissing(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'this is a folder, not a file';
    case 'EACCES':
    case 'EPERM':
      return 'you may not read or write it';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return message;
  }
}

/** A reader that has seen enough (`| head`) closes the pipe: that is no failure, and nothing is left to say. */
function endQuietlyWhenClosed(stream: Writable): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

endQuietlyWhenClosed(process.stdout);
endQuietlyWhenClosed(process.stderr);

const io: Io = {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  readBytes,
  writeFile: writeOut,
  now: () => Date.now(),
  env: process.env,
  colour: process.stdout.isTTY === true && pc.isColorSupported,
  columns: process.stdout.isTTY === true ? process.stdout.columns : null,
  watched: process.stderr.isTTY === true,
  fetch: globalThis.fetch,
};

try {
  // The exit code is set, never forced: Node ends by itself once everything written has left the process.
  process.exitCode = await run(process.argv.slice(2), io);
} catch (error) {
  process.stderr.write(`watchbill: this should not have happened: ${(error as Error).stack ?? error}\n`);
  process.exitCode = EXIT_BAD_INPUT;
}
