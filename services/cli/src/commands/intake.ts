import type { Command } from 'commander';
import { table } from '../format/table.ts';
import { BadInput } from '../input/bad-input.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import { type Format, type Host, wholeNumber, withFormats, withServer } from '../options.ts';
import { callServer, notWatchbill, plain, type Server, serverOf } from '../server/call-server.ts';
import { asRecord } from '../server/read-applied.ts';

interface ServerOptions {
  readonly url?: string;
  readonly token?: string;
  readonly format: Format;
}

interface CreateOptions extends ServerOptions {
  readonly kind: string;
  readonly schedule?: string;
  readonly policy?: string;
}

interface RotateOptions extends ServerOptions {
  readonly keepHours?: number;
}

const TIMEOUT_MS = 30_000;
const MAY = 'make and change intakes';
const MAX_LISTED = 200;
const MAX_KEEP_HOURS = 30 * 24;
const HOUR_MS = 3_600_000;

/** `watchbill intake create|list|rotate|delete`: the doors for the signals of other programs, on a server. */
export function addIntake(program: Command, { io, done }: Host): void {
  const intake = program.command('intake').description('the doors for the signals of other programs');
  const made = intake
    .command('create')
    .description('make an intake; its key is shown this once')
    .argument('<name>', 'what sends to it')
    .requiredOption(
      '--kind <kind>',
      'pagerduty, opsgenie, alertmanager, grafana, generic, datadog, sentry or sns',
    )
    .option('--schedule <id>', 'the schedule whose people its pages call')
    .option('--policy <id>', 'the escalation policy of its pages, instead of a schedule');
  withServer(made, MAY);
  withFormats(made, ['text', 'json']).action(async (name: string, options: CreateOptions) =>
    done(await create(name, options, io)),
  );

  const listed = intake.command('list').description('list the intakes of a server, without their keys');
  withServer(listed, 'read intakes');
  withFormats(listed, ['text', 'json']).action(async (options: ServerOptions) =>
    done(await list(options, io)),
  );

  const rotated = intake
    .command('rotate')
    .description('give an intake a new key; the old one goes on working for a day')
    .argument('<intake>', 'the id of an intake, which begins with int_')
    .option(
      '--keep-hours <hours>',
      'how long the old key works; 0 ends it at once',
      wholeNumber(0, MAX_KEEP_HOURS),
    );
  withServer(rotated, MAY);
  withFormats(rotated, ['text', 'json']).action(async (id: string, options: RotateOptions) =>
    done(await rotate(id, options, io)),
  );

  const deleted = intake
    .command('delete')
    .description('delete an intake of which no page is open; its keys work no more')
    .argument('<intake>', 'the id of an intake, which begins with int_');
  withServer(deleted, MAY).action(async (id: string, options: ServerOptions) =>
    done(await remove(id, options, io)),
  );
}

async function create(name: string, options: CreateOptions, io: Io): Promise<number> {
  const { kind, schedule, policy } = options;
  if ((schedule === undefined) === (policy === undefined)) {
    throw new BadInput('Say whom its pages call: give --schedule or --policy, and not both.');
  }
  const target = schedule === undefined ? { policy } : { schedule };
  const server = serverOf(options, io);
  return show(await post(server, io, { path: '/v1/intakes', input: { name, kind, ...target } }), {
    ...{ server, options, io },
  });
}

async function rotate(id: string, options: RotateOptions, io: Io): Promise<number> {
  refuseOtherIds(id);
  const { keepHours } = options;
  const input = keepHours === undefined ? {} : { oldKeyValidMs: keepHours * HOUR_MS };
  const server = serverOf(options, io);
  return show(await post(server, io, { path: `/v1/intakes/${id}/rotate-key`, input }), {
    ...{ server, options, io },
  });
}

async function remove(id: string, options: ServerOptions, io: Io): Promise<number> {
  refuseOtherIds(id);
  const path = `/v1/intakes/${id}`;
  await callServer(
    serverOf(options, io),
    { method: 'DELETE', path, timeoutMs: TIMEOUT_MS, doing: MAY },
    io.fetch,
  );
  io.stdout(`The intake ${id} is deleted; its pages stay.\n`);
  return EXIT_OK;
}

function refuseOtherIds(id: string): void {
  if (/^int_[0-9a-z]{26}$/.test(id)) return;
  throw new BadInput(`"${id}" is no id of an intake: "watchbill intake list" shows them.`);
}

function show(
  body: unknown,
  { server, options, io }: { readonly server: Server; readonly options: ServerOptions; readonly io: Io },
): number {
  const answer = asRecord(body);
  const intake = asRecord(answer?.intake);
  if (answer === null || intake === null) throw notWatchbill(server);
  if (options.format === 'json') io.stdout(`${JSON.stringify(body, null, 2)}\n`);
  else {
    const rows = [
      ['intake', plain(intake.id)],
      ['key', plain(answer.key)],
      ['address', plain(answer.url)],
    ];
    io.stdout(`${table(rows).join('\n')}\nKeep the key: it is not shown again.\n`);
  }
  return EXIT_OK;
}

async function list(options: ServerOptions, io: Io): Promise<number> {
  const server = serverOf(options, io);
  const call = {
    ...{ method: 'GET' as const, path: '/v1/intakes', query: [['limit', String(MAX_LISTED)] as const] },
    ...{ timeoutMs: TIMEOUT_MS, doing: 'read intakes' },
  };
  const body = await callServer(server, call, io.fetch);
  const rows = asRecord(body)?.data;
  if (!Array.isArray(rows)) throw notWatchbill(server);
  if (options.format === 'json') io.stdout(`${JSON.stringify(body, null, 2)}\n`);
  else if (rows.length === 0) io.stdout('No intakes yet: "watchbill intake create" makes one.\n');
  else io.stdout(`${table([['ID', 'KIND', 'CALLS', 'STATUS', 'NAME'], ...rows.map(rowOf)]).join('\n')}\n`);
  return EXIT_OK;
}

function rowOf(value: unknown): string[] {
  const row = asRecord(value) ?? {};
  const calls = plain(row.policy) || plain(row.schedule);
  return [plain(row.id), plain(row.kind), calls, plain(row.status), plain(row.name)];
}

function post(
  server: Server,
  io: Io,
  { path, input }: { readonly path: string; readonly input: object },
): Promise<unknown> {
  const body = { type: 'application/json' as const, text: JSON.stringify(input) };
  return callServer(server, { method: 'POST', path, body, timeoutMs: TIMEOUT_MS, doing: MAY }, io.fetch);
}
