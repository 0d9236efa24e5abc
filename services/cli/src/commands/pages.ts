import { PAGE_STATES } from '@watchbill/core';
import { type Command, Option } from 'commander';
import { pagesText } from '../format/page-text.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import { type Format, type Host, wholeNumber, withFormats, withServer } from '../options.ts';
import { callServer, notWatchbill, serverOf } from '../server/call-server.ts';
import { asRecord } from '../server/read-applied.ts';
import { readPage } from '../server/read-page.ts';

interface PagesOptions {
  readonly state?: string;
  readonly all?: boolean;
  readonly schedule?: string;
  readonly person?: string;
  readonly limit: number;
  readonly url?: string;
  readonly token?: string;
  readonly format: Format;
}

const TIMEOUT_MS = 30_000;
const MAX_LISTED = 200;
const DEFAULT_LISTED = 50;

/** `watchbill pages`: what is open on a server, the newest first. */
export function addPages(program: Command, { io, done }: Host): void {
  const command = program
    .command('pages')
    .description('list the open pages of a server, the newest first')
    .addOption(new Option('--state <state>', 'only pages in this state').choices([...PAGE_STATES]))
    .option('--all', 'resolved ones, too')
    .option('--schedule <id>', 'only pages of a schedule')
    .option('--person <id>', 'only pages of which a person was told, or that they acknowledged')
    .option('--limit <count>', 'how many at most', wholeNumber(1, MAX_LISTED), DEFAULT_LISTED);
  withServer(command, 'read pages');
  withFormats(command, ['text', 'json']).action(async (options: PagesOptions) =>
    done(await list(options, io)),
  );
}

async function list(options: PagesOptions, io: Io): Promise<number> {
  const server = serverOf(options, io);
  const { schedule, person, limit } = options;
  const open = ['triggered', 'acknowledged'];
  const states = options.state !== undefined ? [options.state] : options.all === true ? [] : open;
  const query = [
    ...states.map((state) => ['state', state] as const),
    ...(schedule === undefined ? [] : [['schedule', schedule] as const]),
    ...(person === undefined ? [] : [['person', person] as const]),
    ['limit', String(limit)] as const,
  ];
  const call = {
    method: 'GET' as const,
    path: '/v1/pages',
    query,
    timeoutMs: TIMEOUT_MS,
    doing: 'read pages',
  };
  const body = await callServer(server, call, io.fetch);
  const rows = asRecord(body)?.data;
  if (!Array.isArray(rows)) throw notWatchbill(server);
  const pages = rows.map(readPage).filter((page) => page !== null);
  if (options.format === 'json') io.stdout(`${JSON.stringify(body, null, 2)}\n`);
  else io.stdout(pagesText(pages, io.now()));
  return EXIT_OK;
}
