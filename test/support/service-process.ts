import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** All that it printed until now, both streams as they came. */
  output(): string;
  /** Waits for a line; resolves with what it matched. Throws with the output when it does not come, or the process ends. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<ServiceExit>;
  /** Sends the signal and does not wait: for Ctrl-C twice, SIGSTOP and the like. */
  signal(signal: NodeJS.Signals): void;
  readonly exited: Promise<ServiceExit>;
}

export interface ServiceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SpawnServiceOptions {
  readonly args?: readonly string[];
  /** The program in the service's build. Default: `main.js`. */
  readonly entry?: string;
  /** Default: the root of the repository. */
  readonly cwd?: string;
}

const ROOT = resolve(import.meta.dirname, '../..');
const DEFAULT_WAIT_MS = 60_000;
/** What a process needs of our own environment; nothing else leaks in, a DATABASE_URL least of all. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG'] as const;

/**
 * Runs a service as a real process, from its build: `spawnService('worker', { DATABASE_URL })`. Throws when it is
 * not built; `npm test` builds first, `npx tsc -b` does it by hand.
 */
export function spawnService(
  name: string,
  environment: Readonly<Record<string, string>>,
  options: SpawnServiceOptions = {},
): ServiceProcess {
  const entry = join(ROOT, 'services', name, 'dist', options.entry ?? 'main.js');
  if (!existsSync(entry)) throw new Error(`services/${name} is not built: run "npx tsc -b" first.`);
  const child = spawn(process.execPath, [entry, ...(options.args ?? [])], {
    cwd: options.cwd ?? ROOT,
    env: { ...inherited(), NODE_ENV: 'test', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const watchers = new Set<() => void>();
  const record = (chunk: Buffer): void => {
    printed += chunk.toString();
    for (const watch of watchers) watch();
  };
  child.stdout.on('data', record);
  child.stderr.on('data', record);
  let exit: ServiceExit | undefined;
  const exited = once(child, 'close').then(([code, signal]): ServiceExit => {
    exit = { code: code as number | null, signal: signal as NodeJS.Signals | null };
    for (const watch of watchers) watch();
    return exit;
  });

  const waitFor = (pattern: RegExp, timeoutMs = DEFAULT_WAIT_MS): Promise<RegExpMatchArray> =>
    new Promise((resolveMatch, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        watchers.delete(look);
        finish();
      };
      const fail = (why: string): void =>
        settle(() => reject(new Error(`${name}: ${pattern} did not come: ${why}\n${printed.slice(-4_000)}`)));
      const timer = setTimeout(() => fail(`not in ${timeoutMs} ms`), timeoutMs);
      const look = (): void => {
        const match = pattern.exec(printed);
        if (match !== null) settle(() => resolveMatch(match));
        else if (exit !== undefined) fail(`it ended with ${exit.signal ?? exit.code}`);
      };
      watchers.add(look);
      look();
    });

  return {
    name,
    pid: child.pid ?? -1,
    output: () => printed,
    waitFor,
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
    signal: (signal) => void child.kill(signal),
    exited,
  };
}

function inherited(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
