import type { Command } from 'commander';
import { table } from '../format/table.ts';
import { BadInput } from '../input/bad-input.ts';
import type { Io } from '../io.ts';
import { EXIT_FINDINGS, EXIT_OK } from '../io.ts';
import { type Format, type Host, wholeNumber, withFormats, withServer } from '../options.ts';
import { callServer, notWatchbill, plain, type ServerCall, serverOf } from '../server/call-server.ts';
import { asRecord } from '../server/read-applied.ts';

interface ServerOptions {
  readonly url?: string;
  readonly token?: string;
  readonly format: Format;
}

interface PlaceOptions extends ServerOptions {
  readonly keyFile?: string;
  readonly region?: string;
  readonly address?: string;
}

interface ForwardOptions extends PlaceOptions {
  readonly kind: string;
  readonly schedule: readonly string[];
  readonly policy: readonly string[];
}

interface MirrorOptions extends PlaceOptions {
  readonly to: string;
  readonly from: string;
  readonly role?: string;
  readonly days?: number;
}

type Row = Readonly<Record<string, unknown>>;

const TIMEOUT_MS = 30_000;
const MAX_LISTED = 200;
const MAX_DAYS = 90;
const MAX_KEY_BYTES = 4_096;
const MAY = 'make and change endpoints';
const ID_HELP = 'the id of a provider or a mirror, which begins with prv_ or mir_';
const KEY_HELP = 'a file that holds the key, or - for standard input (default: WATCHBILL_PROVIDER_KEY)';

/** `watchbill provider forward|mirror|status|enable|disable|delete`: other paging services of a server. */
export function addProvider(program: Command, { io, done }: Host): void {
  const provider = program.command('provider').description('PagerDuty and Opsgenie beside a server');
  const forwarded = provider
    .command('forward')
    .description('forward pages to PagerDuty or Opsgenie')
    .argument('<name>', 'what to call it')
    .requiredOption('--kind <kind>', 'pagerduty or opsgenie')
    .option('--schedule <id>', 'only pages of this schedule; may be given several times', collect, [])
    .option('--policy <id>', 'only pages of this escalation policy; may be given several times', collect, []);
  withPlace(forwarded).action(async (name: string, options: ForwardOptions) =>
    done(await forward(name, options, io)),
  );

  const mirrored = provider
    .command('mirror')
    .description('let a schedule of PagerDuty follow who is on call')
    .argument('<schedule>', 'the id of a schedule of the server')
    .requiredOption('--to <id>', 'the id of the schedule of PagerDuty, which begins with P')
    .requiredOption('--from <email>', 'somebody at PagerDuty in whose name overrides are made')
    .option('--role <role>', 'the role that is followed (default: primary)')
    .option('--days <days>', 'how far ahead (default: 14)', wholeNumber(1, MAX_DAYS));
  withPlace(mirrored).action(async (schedule: string, options: MirrorOptions) =>
    done(await mirror(schedule, options, io)),
  );

  const shown = provider.command('status').description('how the providers and mirrors of a server do');
  withServer(shown, 'read endpoints');
  withFormats(shown, ['text', 'json']).action(async (options: ServerOptions) =>
    done(await status(options, io)),
  );

  for (const [verb, description] of [
    ['enable', 'go on; what waited goes out in order. With another key, if one is given'],
    ['disable', 'send nothing for now; what is to be forwarded waits'],
    ['delete', 'send nothing more, and forget the key'],
  ] as const) {
    const command = provider.command(verb).description(description).argument('<id>', ID_HELP);
    if (verb === 'enable') command.option('--key-file <file>', KEY_HELP);
    withServer(command, MAY).action(async (id: string, options: PlaceOptions) =>
      done(await change({ id, verb, options }, io)),
    );
  }
}

function withPlace(command: Command): Command {
  command
    .option('--key-file <file>', KEY_HELP)
    .option('--region <region>', 'us or eu (default: us)')
    .option('--address <url>', 'the address of its API, instead of a region');
  withServer(command, MAY);
  return withFormats(command, ['text', 'json']);
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function forward(name: string, options: ForwardOptions, io: Io): Promise<number> {
  const { kind, schedule, policy } = options;
  const input = {
    ...{ kind, name, key: await readKey(options, io), ...placeOf(options) },
    ...(schedule.length > 0 && { schedules: schedule }),
    ...(policy.length > 0 && { policies: policy }),
  };
  return made(await call(options, io, { method: 'POST', path: '/v1/providers', input }), options, io);
}

async function mirror(schedule: string, options: MirrorOptions, io: Io): Promise<number> {
  const { to, from, role, days } = options;
  const input = {
    ...{ schedule, providerSchedule: to, fromEmail: from },
    ...{ token: await readKey(options, io), ...placeOf(options) },
    ...(role !== undefined && { role }),
    ...(days !== undefined && { horizonDays: days }),
  };
  return made(await call(options, io, { method: 'POST', path: '/v1/mirrors', input }), options, io);
}

function placeOf({ region, address }: PlaceOptions) {
  return { ...(region !== undefined && { region }), ...(address !== undefined && { url: address }) };
}

/** Never from the command line itself, which others on the machine can read. */
async function readKey({ keyFile }: PlaceOptions, io: Io): Promise<string> {
  const text =
    keyFile === undefined
      ? io.env.WATCHBILL_PROVIDER_KEY
      : Buffer.from(await io.readBytes(keyFile, MAX_KEY_BYTES)).toString('utf8');
  const key = text?.trim() ?? '';
  if (key === '')
    throw new BadInput('A provider needs its key: set WATCHBILL_PROVIDER_KEY, or give --key-file.');
  return key;
}

function made(body: unknown, options: ServerOptions, io: Io): number {
  const row = asRecord(body);
  if (row === null || typeof row.id !== 'string') throw notWatchbill(serverOf(options, io));
  if (options.format === 'json') io.stdout(`${JSON.stringify(body, null, 2)}\n`);
  else io.stdout(`${plain(row.id)} is made. "watchbill provider status" shows how it does.\n`);
  return EXIT_OK;
}

async function status(options: ServerOptions, io: Io): Promise<number> {
  const list = async (path: string): Promise<readonly Row[]> => {
    const query = [['limit', String(MAX_LISTED)] as const];
    const rows = asRecord(await call(options, io, { method: 'GET', path, query }))?.data;
    if (!Array.isArray(rows)) throw notWatchbill(serverOf(options, io));
    return rows.map((row) => asRecord(row) ?? {});
  };
  const [providers, mirrors] = [await list('/v1/providers'), await list('/v1/mirrors')];
  if (options.format === 'json') io.stdout(`${JSON.stringify({ providers, mirrors }, null, 2)}\n`);
  else if (providers.length + mirrors.length === 0) {
    io.stdout('No providers yet: "watchbill provider forward" and "watchbill provider mirror" make them.\n');
  } else {
    const rows = [...providers.map(providerRow), ...mirrors.map(mirrorRow)];
    io.stdout(`${table([['ID', 'WHAT', 'STATUS', 'HOW IT DOES'], ...rows]).join('\n')}\n`);
  }
  return [...providers, ...mirrors].some((row) => troubleOf(row) !== '') ? EXIT_FINDINGS : EXIT_OK;
}

function providerRow(row: Row): string[] {
  const waiting = Number(row.pending) > 0 ? `${Number(row.pending)} wait` : 'nothing waits';
  return [
    plain(row.id),
    `${plain(row.kind)} ${plain(row.name)}`,
    plain(row.status),
    troubleOf(row) || waiting,
  ];
}

function mirrorRow(row: Row): string[] {
  const found = asRecord(row.found);
  const count = found === null ? 'not looked at yet' : `${Number(found.wanted)} stretches mirrored`;
  const what = `${plain(row.schedule)} ${plain(row.role)} → ${plain(row.providerSchedule)}`;
  return [plain(row.id), what, plain(row.status), troubleOf(row) || count];
}

/** What somebody has to do something about; empty when all is well. */
function troubleOf(row: Row): string {
  const reason = plain(row.disabledReason);
  const said = plain(row.problem) || plain(asRecord(row.lastAttempt)?.error);
  const unknown = asRecord(row.found)?.unknown;
  const people = (Array.isArray(unknown) ? unknown : []).map((one) => plain(asRecord(one)?.person));
  return [
    ...(plain(row.status) === 'disabled' && reason !== 'by_request' ? [reason] : []),
    ...(said === '' ? [] : [said]),
    ...(people.length > 0 ? [`unknown there: ${people.join(', ')}`] : []),
  ].join('; ');
}

async function change(
  { id, verb, options }: { readonly id: string; readonly verb: string; readonly options: PlaceOptions },
  io: Io,
): Promise<number> {
  const kind = /^(prv|mir)_[0-9a-z]{26}$/.exec(id)?.[1];
  if (kind === undefined) {
    throw new BadInput(`"${id}" is no provider or mirror: "watchbill provider status" shows them.`);
  }
  const path = kind === 'prv' ? `/v1/providers/${id}` : `/v1/mirrors/${id}`;
  if (verb === 'delete') await call(options, io, { method: 'DELETE', path });
  else {
    const hasKey = verb === 'enable' && (options.keyFile !== undefined || !!io.env.WATCHBILL_PROVIDER_KEY);
    const key = hasKey ? { [kind === 'prv' ? 'key' : 'token']: await readKey(options, io) } : {};
    const input = { status: verb === 'enable' ? 'active' : 'disabled', ...key };
    await call(options, io, { method: 'PATCH', path, input });
  }
  io.stdout(`${id} is ${verb}d.\n`);
  return EXIT_OK;
}

function call(
  options: ServerOptions,
  io: Io,
  { input, ...asked }: Pick<ServerCall, 'method' | 'path' | 'query'> & { readonly input?: object },
): Promise<unknown> {
  const body =
    input === undefined ? {} : { body: { type: 'application/json' as const, text: JSON.stringify(input) } };
  const doing = asked.method === 'GET' ? 'read endpoints' : MAY;
  return callServer(serverOf(options, io), { ...asked, ...body, timeoutMs: TIMEOUT_MS, doing }, io.fetch);
}
