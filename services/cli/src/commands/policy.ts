import type { Command } from 'commander';
import { table } from '../format/table.ts';
import { BadInput } from '../input/bad-input.ts';
import type { Io } from '../io.ts';
import { EXIT_OK } from '../io.ts';
import { type Format, type Host, withFormats, withServer } from '../options.ts';
import { callServer, notWatchbill, plain, serverOf } from '../server/call-server.ts';
import { asRecord } from '../server/read-applied.ts';

interface ServerOptions {
  readonly url?: string;
  readonly token?: string;
  readonly format: Format;
}

const TIMEOUT_MS = 30_000;
const MAX_LISTED = 200;

/** `watchbill policy list|delete`: the escalation policies of a server. They are made and changed by the file. */
export function addPolicy(program: Command, { io, done }: Host): void {
  const policy = program.command('policy').description('the escalation policies of a server');
  const listed = policy.command('list').description('list the escalation policies and what uses them');
  withServer(listed, 'read schedules');
  withFormats(listed, ['text', 'json']).action(async (options: ServerOptions) =>
    done(await list(options, io)),
  );

  const deleted = policy
    .command('delete')
    .description('delete an escalation policy that nothing uses')
    .argument('<policy>', 'the id of an escalation policy');
  withServer(deleted, 'change schedules').action(async (id: string, options: ServerOptions) =>
    done(await remove(id, options, io)),
  );
}

async function list(options: ServerOptions, io: Io): Promise<number> {
  const server = serverOf(options, io);
  const call = {
    ...{ method: 'GET' as const, path: '/v1/escalation-policies', timeoutMs: TIMEOUT_MS },
    ...{ query: [['limit', String(MAX_LISTED)] as const], doing: 'read schedules' },
  };
  const body = await callServer(server, call, io.fetch);
  const rows = asRecord(body)?.data;
  if (!Array.isArray(rows)) throw notWatchbill(server);
  if (options.format === 'json') io.stdout(`${JSON.stringify(body, null, 2)}\n`);
  else if (rows.length === 0) io.stdout('No escalation policies: schedules are called by their roles.\n');
  else {
    const head = ['ID', 'STEPS', 'OPEN PAGES', 'INTAKES', 'HEARTBEATS', 'NAME'];
    io.stdout(`${table([head, ...rows.map(rowOf)]).join('\n')}\n`);
  }
  return EXIT_OK;
}

function rowOf(value: unknown): string[] {
  const row = asRecord(value) ?? {};
  const counts = [row.steps, row.openPages, row.intakes, row.heartbeats].map((count) =>
    String(Number(count)),
  );
  return [plain(row.id), ...counts, plain(row.name)];
}

async function remove(id: string, options: ServerOptions, io: Io): Promise<number> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(id)) {
    throw new BadInput(`"${id}" is no id of an escalation policy: "watchbill policy list" shows them.`);
  }
  const path = `/v1/escalation-policies/${encodeURIComponent(id)}`;
  const call = { method: 'DELETE' as const, path, timeoutMs: TIMEOUT_MS, doing: 'change schedules' };
  await callServer(serverOf(options, io), call, io.fetch);
  io.stdout(
    `The escalation policy ${id} is deleted. Take it out of the file too, or applying that brings it back.\n`,
  );
  return EXIT_OK;
}
