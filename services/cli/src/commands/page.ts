import { SEVERITIES } from '@watchbill/core';
import { type Command, Option } from 'commander';
import { ageWords, stateWords } from '../format/page-text.ts';
import { BadInput } from '../input/bad-input.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import { type Format, type Host, withFormats, withServer } from '../options.ts';
import { callServer, notWatchbill, plain, type Server, serverOf } from '../server/call-server.ts';
import { asRecord } from '../server/read-applied.ts';
import { readPage } from '../server/read-page.ts';

interface ServerOptions {
  readonly url?: string;
  readonly token?: string;
  readonly format: Format;
}

interface PageOptions extends ServerOptions {
  readonly schedule?: string;
  readonly policy?: string;
  readonly severity: string;
  readonly key?: string;
  readonly source?: string;
  readonly link: readonly string[];
}

interface ActOptions extends ServerOptions {
  readonly as?: string;
}

const TIMEOUT_MS = 30_000;
const MAY = 'trigger and answer pages';
const PAGE_HELP = 'the number or the id of a page';

/** `watchbill page`: calls for the attention of whoever is on call. */
export function addPage(program: Command, { io, done }: Host): void {
  const command = program
    .command('page')
    .description('call whoever is on call, through a server')
    .argument('<summary>', 'what is wrong, in a line')
    .option('--schedule <id>', 'the schedule whose people are called')
    .option('--policy <id>', 'the escalation policy to follow, instead of a schedule')
    .addOption(
      new Option('--severity <severity>', 'how bad it is').choices([...SEVERITIES]).default('critical'),
    )
    .option('--key <key>', 'only one page is open for a key; a second call counts')
    .option('--source <source>', 'where it comes from')
    .option('--link <url>', 'an address that helps; may be given several times', collect, []);
  withServer(command, MAY);
  withFormats(command, ['text', 'json']).action(async (summary: string, options: PageOptions) =>
    done(await page(summary, options, io)),
  );
}

/** `watchbill ack` and `watchbill resolve`. */
export function addPageActs(program: Command, { io, done }: Host): void {
  for (const [name, verb, description] of [
    ['ack', 'acknowledge', 'say that you take care of a page: nobody else is called'],
    ['resolve', 'resolve', 'end a page'],
  ] as const) {
    const command = program
      .command(name)
      .description(description)
      .argument('<page>', PAGE_HELP)
      .option(
        '--as <person>',
        'the id of the person who does it (default: WATCHBILL_PERSON, else the token)',
      );
    withServer(command, MAY);
    withFormats(command, ['text', 'json']).action(async (ref: string, options: ActOptions) =>
      done(await act({ ref, verb, options }, io)),
    );
  }
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function page(summary: string, options: PageOptions, io: Io): Promise<number> {
  const { schedule, policy, severity, key, source, link } = options;
  if ((schedule === undefined) === (policy === undefined)) {
    throw new BadInput('Say whom to call: give --schedule or --policy, and not both.');
  }
  const server = serverOf(options, io);
  const body = await post(server, io, {
    path: '/v1/pages',
    input: {
      ...{ summary, severity },
      ...(schedule !== undefined && { schedule }),
      ...(policy !== undefined && { policy }),
      ...(key !== undefined && { dedupKey: key }),
      ...(source !== undefined && { source }),
      ...(link.length > 0 && { links: link.map((href) => ({ href })) }),
    },
  });
  const answer = asRecord(body);
  if (answer === null || typeof answer.number !== 'number') throw notWatchbill(server);
  if (options.format === 'json') io.stdout(`${JSON.stringify(body, null, 2)}\n`);
  else io.stdout(`#${answer.number} ${OUTCOMES[plain(answer.outcome)] ?? plain(answer.outcome)}\n`);
  return EXIT_OK;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  triggered: 'triggered: the first step of its policy is told.',
  repeated: 'is open already, and counts this.',
  folded: 'stands for a storm of pages, and counts this.',
};

async function act(
  { ref, verb, options }: { readonly ref: string; readonly verb: string; readonly options: ActOptions },
  io: Io,
): Promise<number> {
  const ident = /^#?(pag_[0-9a-z]{26}|\d{1,15})$/.exec(ref)?.[1];
  if (ident === undefined) throw new BadInput(`"${ref}" names no page: give its number, such as 42.`);
  const server = serverOf(options, io);
  const person = options.as ?? (io.env.WATCHBILL_PERSON || undefined);
  const body = await post(server, io, {
    path: `/v1/pages/${ident}/${verb}`,
    input: { via: 'cli', ...(person !== undefined && { person }) },
  });
  const answer = asRecord(body);
  const page = readPage(answer?.page);
  if (page === null) throw notWatchbill(server);
  if (options.format === 'json') io.stdout(`${JSON.stringify(body, null, 2)}\n`);
  else io.stdout(`${actedText(page, answer?.acted === true, io)}\n`);
  return EXIT_OK;
}

function actedText(page: NonNullable<ReturnType<typeof readPage>>, acted: boolean, io: Io): string {
  const what = `#${page.number} ${stateWords(page)}`;
  if (acted) return `${what}: ${page.summary}`;
  const at = (page.resolved ?? page.acknowledged)?.at;
  const ago = at === undefined ? '' : `, ${ageWords(at, io.now())} ago`;
  return `${what} already${ago.replace(', now ago', ', just now')}: ${page.summary}`;
}

function post(
  server: Server,
  io: Io,
  { path, input }: { readonly path: string; readonly input: object },
): Promise<unknown> {
  const body = { type: 'application/json' as const, text: JSON.stringify(input) };
  return callServer(server, { method: 'POST', path, body, timeoutMs: TIMEOUT_MS, doing: MAY }, io.fetch);
}
