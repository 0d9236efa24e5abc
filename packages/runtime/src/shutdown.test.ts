import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { shutDown } from './shutdown.ts';

test('steps run in order; one that fails or hangs is passed over and told', async () => {
  const ran: string[] = [];
  const told: string[] = [];
  const logger = {
    info: () => undefined,
    error: (fields: { readonly step: string }) => void told.push(fields.step),
  };
  const well = await shutDown(
    [
      { name: 'relay', run: async () => void ran.push('relay') },
      { name: 'worker', run: () => Promise.reject(new Error('broken')) },
      { name: 'queues', run: () => new Promise(() => undefined), limitMs: 20 },
      { name: 'database', run: async () => void ran.push('database') },
    ],
    logger as never,
  );
  expect(well).toBe(false);
  expect(ran).toEqual(['relay', 'database']);
  expect(told).toEqual(['worker', 'queues']);
});

const PROGRAM = `
import { onShutdown } from ${JSON.stringify(new URL('./shutdown.ts', import.meta.url).href)};
const logger = { info: () => undefined, error: () => undefined };
setInterval(() => undefined, 1000);
const hanging = process.argv.includes('hang');
const run = () => (hanging ? new Promise(() => undefined) : Promise.resolve());
void onShutdown([{ name: 'only', run, limitMs: 60_000 }], logger);
console.log('up');
`;

async function startProgram(...args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  return { child, exit };
}

test('a process stops at a signal with 0 when all went well', async () => {
  const { child, exit } = await startProgram();
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});

test('a second signal ends a process that hangs at once', async () => {
  const { child, exit } = await startProgram('hang');
  child.kill('SIGINT');
  await new Promise((done) => setTimeout(done, 200));
  expect(child.exitCode).toBeNull();
  child.kill('SIGINT');
  expect(await exit).toEqual([1, null]);
});
