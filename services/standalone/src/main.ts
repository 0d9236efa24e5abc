// Everything in one process, on an embedded PostgreSQL unless DATABASE_URL names a server: what `npm start` runs.
import { SettingsError, shutDown, untilSignal, withoutCredentials } from '@watchbill/runtime';
import { collectClosing } from './closing-steps.ts';
import { type CommandLine, CommandLineError, parseCommandLine, USAGE } from './command-line.ts';
import { AlreadyRunningError, lockInstance } from './instance-lock.ts';
import { runStandalone } from './run-standalone.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

/** Ctrl-C while starting: not an error. */
class StoppedError extends Error {}

const print = (text: string): void => console.log(text);
const quiet = { info: () => undefined, error: () => undefined };

async function main(line: CommandLine): Promise<number> {
  let stopped = false;
  const signal = untilSignal().then(() => {
    stopped = true;
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        print('Stopped at once; what was under way is taken up at the next start.');
        process.exit(EXIT_FAILED);
      });
    }
  });
  const checkpoint = (): void => {
    if (stopped) throw new StoppedError();
  };
  const closing = collectClosing();
  let code = 0;
  try {
    if ((process.env.DATABASE_URL ?? '').trim() === '') {
      const lock = lockInstance(line.stateFolder);
      closing.add('lock', async () => lock.release());
      const { url } = await runStandalone({ line, environment: process.env, print, checkpoint }, closing);
      lock.announce(url);
    } else {
      await runStandalone({ line, environment: process.env, print, checkpoint }, closing);
    }
    print('Ctrl-C stops it.');
    await signal;
  } catch (error) {
    if (!(error instanceof StoppedError)) code = tell(error);
  }
  if (code === 0) print('Stopping…');
  const well = await shutDown(closing.steps(), quiet);
  if (code === 0)
    print(well ? 'Stopped.' : 'Stopped, but not everything could be closed in time; see the log.');
  return well ? code : EXIT_FAILED;
}

function tell(error: unknown): number {
  if (error instanceof CommandLineError || error instanceof SettingsError) {
    console.error(error.message);
    return EXIT_USAGE;
  }
  const message = error instanceof Error ? error.message : String(error);
  const isExpected = error instanceof AlreadyRunningError;
  console.error(isExpected ? message : `Watchbill could not start. ${withoutCredentials(message)}`);
  return EXIT_FAILED;
}

function start(words: readonly string[]): Promise<number> | number {
  try {
    const line = parseCommandLine(words);
    if (!line.help) return main(line);
    print(USAGE);
    return 0;
  } catch (error) {
    return tell(error);
  }
}

process.exit(await start(process.argv.slice(2)));
