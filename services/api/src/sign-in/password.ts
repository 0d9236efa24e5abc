import { Worker } from 'node:worker_threads';
import { ApiError } from '../http/problem.ts';

/** Passwords are hashed in threads of their own: it is slow on purpose, and nobody else is to wait for it. */

export type PasswordTask =
  | { readonly kind: 'hash'; readonly password: string }
  | { readonly kind: 'verify'; readonly password: string; readonly hash: string };

export const PASSWORD_LENGTH = { min: 12, max: 200 } as const;

/** Less than a request may take, so that whoever waits hears why. */
const BUDGET_MS = 25_000;
const MAX_MEMORY_MB = 64;
const AT_ONCE = 2;
/** More than this waiting is an attack or an outage: better a clear answer now. */
const MAX_WAITING = 40;
/** A hash of nothing anybody knows, so that an unknown address takes as long as a wrong password. */
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$hG4ZDAoRk45HAlWLnJVDYQ$5q+6B/uV8URCHnhf2IEvg2pw0fbcsp6uNmQemzAsCqY';

export interface Passwords {
  /** argon2id in its own notation. */
  hash(password: string): Promise<string>;
  /** Whether it is the password of the hash; false, after as long, where there is no hash. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

export function createPasswords(): Passwords {
  let running = 0;
  const waiting: (() => void)[] = [];
  const run = async <T>(task: PasswordTask): Promise<T> => {
    if (running >= AT_ONCE) {
      if (waiting.length >= MAX_WAITING) throw tooBusy();
      await new Promise<void>((go) => waiting.push(go));
    }
    running += 1;
    try {
      return await inThread<T>(task);
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
  return {
    hash: (password) => run<string>({ kind: 'hash', password }),
    verify: async (password, hash) => {
      const fits = await run<boolean>({ kind: 'verify', password, hash: hash ?? NOBODY });
      return fits && hash !== null;
    },
  };
}

function tooBusy(): ApiError {
  const headers = { 'retry-after': '5' };
  return new ApiError(503, 'sign-in/busy', 'Too many people sign in at once. Try again in a few seconds.', {
    headers,
  });
}

async function inThread<T>(task: PasswordTask): Promise<T> {
  const thread = startThread(task);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      timer = setTimeout(() => reject(tooBusy()), BUDGET_MS);
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', () => reject(new Error('The thread that hashes passwords ended early.')));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}

/** As it was built; where the program runs from its sources, a loader for them comes first. */
function startThread(task: PasswordTask): Worker {
  const built = import.meta.url.endsWith('.js');
  const url = new URL(built ? './password-thread.js' : './password-thread.ts', import.meta.url);
  const load = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(url.href)}); })`;
  const options = { workerData: task, resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB } };
  return built
    ? new Worker(url, options)
    : new Worker(load, { ...options, eval: true, execArgv: ['--conditions=source'] });
}
