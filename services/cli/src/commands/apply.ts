import type { Command } from 'commander';
import { changeWords } from '../format/diff-text.ts';
import { table } from '../format/table.ts';
import type { Loaded } from '../input/load-config.ts';
import { loadConfig } from '../input/load-config.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import type { Format, Host } from '../options.ts';
import { FILE_HELP, withFormats, withServer } from '../options.ts';
import { serverOf } from '../server/call-server.ts';
import { postConfiguration } from '../server/post-configuration.ts';
import type { Applied } from '../server/read-applied.ts';

interface ApplyOptions {
  readonly url?: string;
  readonly token?: string;
  readonly dryRun?: boolean;
  readonly format: Format;
}

/** `watchbill apply`: makes a server's configuration what the file says, or tells what that would change. */
export function addApply(program: Command, { io, done }: Host): void {
  const command = program
    .command('apply')
    .description('apply a file to a server, and print what changes for whom')
    .argument('<file>', FILE_HELP)
    .option('--dry-run', 'store nothing, only print what would change');
  withServer(command, 'change schedules');
  withFormats(command, ['text', 'json']).action(async (file: string, options: ApplyOptions) =>
    done(await apply(file, options, io)),
  );
}

async function apply(path: string, options: ApplyOptions, io: Io): Promise<number> {
  const dryRun = options.dryRun === true;
  const server = serverOf(options, io);
  // Checked here first: mistakes are shown with their place in this file, and cost the server nothing.
  const loaded = await loadConfig(path, [], io);
  const { file, text } = loaded;
  const answer = await postConfiguration({ server, dryRun, file, text }, io.fetch);
  if (options.format === 'json') io.stdout(`${JSON.stringify(answer.body, null, 2)}\n`);
  else io.stdout(appliedText(answer.applied, dryRun, loaded));
  return EXIT_OK;
}

function appliedText(applied: Applied, dryRun: boolean, { nameOf }: Loaded): string {
  const head = dryRun ? 'Dry run: nothing is stored.' : `Applied${revisionOf(applied)}.`;
  if (applied.unchanged) return `${head} The server has exactly this already.\n`;
  const schedules = applied.schedules
    .filter((schedule) => schedule.changed)
    .map(({ id, shifts }) => [
      `${id}:`,
      `${shifts.scheduled} shifts scheduled, ${shifts.changed} changed, ${shifts.cancelled} cancelled`,
    ]);
  const people = applied.people
    .map(({ person, change }) => [`${nameOf(person)}:`, changeWords(change)])
    .filter(([, words]) => words !== '');
  const nobody = people.length === 0 ? ['Nobody has more or less to do.'] : table(people);
  return `${[head, ...table(schedules), '', ...nobody].join('\n')}\n`;
}

function revisionOf({ revision }: Applied): string {
  return revision === null ? '' : ` as revision ${revision}`;
}
