import { parseArgs } from 'node:util';

export interface CommandLine {
  readonly help: boolean;
  /** How many times faster than real time the clock runs; `undefined` for real time. */
  readonly clockFactor: number | undefined;
  /** `undefined`: PORT of the environment, or the default. */
  readonly port: number | undefined;
  readonly stateFolder: string;
}

/** A mistake in the arguments, told in one sentence. */
export class CommandLineError extends Error {}

const FASTEST_CLOCK = 10_000;
const DEFAULT_STATE_FOLDER = '.watchbill';

export const USAGE = `Runs all of Watchbill in one process: scheduler, worker and API, on a PostgreSQL of its own.

  npm start                        real time, data in ${DEFAULT_STATE_FOLDER}/
  npm start -- --clock 60x         a demonstration: an hour passes in a minute, in a database of its own

  --clock Nx      let the clock run N times as fast, 1x to ${FASTEST_CLOCK}x
  --port N        where the API listens on this machine; 0 takes a free port
  --state DIR     where the embedded PostgreSQL keeps its data
  --help          this text

DATABASE_URL and REDIS_URL use servers of your own; docs/operating.md lists all settings.`;

/** Reads the arguments after the program's name. Throws a CommandLineError that says what is wrong. */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const { values, positionals } = parse(words);
  if (positionals.length > 0) throw new CommandLineError(`"${positionals[0]}" is not an option. See --help.`);
  return {
    help: values.help === true,
    clockFactor: values.clock === undefined ? undefined : readFactor(values.clock),
    port: values.port === undefined ? undefined : readPort(values.port),
    stateFolder: values.state ?? DEFAULT_STATE_FOLDER,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        clock: { type: 'string' },
        port: { type: 'string' },
        state: { type: 'string' },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error);
    throw new CommandLineError(`${reason}. See --help.`);
  }
}

function readFactor(text: string): number {
  const factor = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1]);
  if (factor >= 1 && factor <= FASTEST_CLOCK) return factor;
  throw new CommandLineError(`--clock ${text}: give a factor from 1x to ${FASTEST_CLOCK}x, such as 60x.`);
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new CommandLineError(`--port ${text}: give a number from 0 to 65535.`);
}
