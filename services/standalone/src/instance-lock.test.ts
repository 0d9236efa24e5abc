import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AlreadyRunningError, lockInstance } from './instance-lock.ts';

let folder: string;
const file = (): string => join(folder, 'instance.json');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchbill-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Takes the lock in a real process that lives until it is killed. */
async function holdInAnotherProcess() {
  const module = JSON.stringify(join(import.meta.dirname, 'instance-lock.ts'));
  const code = `import(${module}).then(({ lockInstance }) => {
    lockInstance(${JSON.stringify(folder)}).announce('http://127.0.0.1:4400');
    console.log('held');
    setInterval(() => {}, 1000);
  });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

it('lets one process in, names it to the second, and lets the next in when it is gone', async () => {
  const holder = await holdInAnotherProcess();
  expect(() => lockInstance(folder)).toThrow(AlreadyRunningError);
  expect(() => lockInstance(folder)).toThrow(
    new RegExp(`process ${holder.pid}, http://127.0.0.1:4400\\).*--state`),
  );
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const mine = lockInstance(folder);
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ pid: process.pid });
  mine.release();
  expect(existsSync(file())).toBe(false);
});

it('takes over from a dead process whose number belongs to somebody else now', () => {
  writeFileSync(file(), JSON.stringify({ pid: process.ppid, startedAt: '1' }));
  lockInstance(folder).release();
  expect(existsSync(file())).toBe(false);
});

it('takes over a file that was cut off in the middle', () => {
  writeFileSync(file(), '{"pid": 4');
  lockInstance(folder).release();
  expect(existsSync(file())).toBe(false);
});

it('leaves the file alone when it is no longer its own', () => {
  const lock = lockInstance(folder);
  writeFileSync(file(), JSON.stringify({ pid: process.ppid, startedAt: null }));
  lock.release();
  expect(existsSync(file())).toBe(true);
});
