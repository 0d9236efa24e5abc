import { type Io, run } from 'watchbill';

/** What one run of the command line in this process gave. */
export interface InProcessRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly written: ReadonlyMap<string, string>;
}

export interface InProcessOptions {
  /** Files by path; `-` is standard input. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly now?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** The width of a terminal; none if left out. */
  readonly columns?: number;
  /** Whether somebody watches standard error. */
  readonly watched?: boolean;
}

const NOW = Date.parse('2026-06-01T12:00:00Z');

/** Runs the command line in this process on files in memory, with a clock that stands still. */
export async function inProcess(
  argv: readonly string[],
  options: InProcessOptions = {},
): Promise<InProcessRun> {
  const { files = {}, now = NOW, env = {}, columns = null, watched = false } = options;
  let out = '';
  let err = '';
  const written = new Map<string, string>();
  const io: Io = {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    readBytes: async (path, maxBytes) => {
      const content = files[path];
      if (content === undefined) throw new Error(`the test gives no file ${path}`);
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      if (bytes.length > maxBytes)
        throw new Error(`the test's file ${path} is larger than ${maxBytes} bytes`);
      return bytes;
    },
    writeFile: async (path, text) => {
      written.set(path, text);
    },
    now: () => now,
    env,
    colour: false,
    columns,
    watched,
    fetch,
  };
  return { code: await run(argv, io), out, err, written };
}
