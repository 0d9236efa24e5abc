import { type AuditLink, checkAuditChain } from '@watchbill/events';
import { type Command, Option } from 'commander';
import { BadInput } from '../input/bad-input.ts';
import type { Io } from '../io.ts';
import { EXIT_FINDINGS, EXIT_OK } from '../io.ts';
import { type Host, withServer } from '../options.ts';
import { callServer, notWatchbill, plain, type Server, serverOf } from '../server/call-server.ts';
import { asRecord } from '../server/read-applied.ts';

interface VerifyOptions {
  readonly head?: string;
  readonly url?: string;
  readonly token?: string;
}

type End = { readonly position: number; readonly hash: string };

const TIMEOUT_MS = 60_000;
const PAGE_SIZE = 200;
const START: End = { position: 0, hash: '' };
/** Told while a long log is read. */
const TELL_EVERY = 20_000;
const HEAD = /^(\d{1,15}):([0-9a-f]{64})$/;

/** `watchbill audit verify`: reads a server's audit log from the first entry on and checks its chain. */
export function addAudit(program: Command, { io, done }: Host): void {
  const audit = program.command('audit').description('the log of every command on a server');
  const verify = audit
    .command('verify')
    .description('check that no entry was changed, taken out or put in')
    .addOption(
      new Option(
        '--head <position:hash>',
        'an end of the chain that you kept: it must be part of the log; notices a log that was cut short or written anew',
      ),
    );
  withServer(verify, 'read the audit log (the scope admin)');
  verify.action(async (options: VerifyOptions) => done(await check(options, io)));
}

async function check(options: VerifyOptions, io: Io): Promise<number> {
  const server = serverOf(options, io);
  const kept = readHead(options.head);
  let at = START;
  let seen = kept === null || kept.position === 0;
  let cursor: string | null = null;
  do {
    const page = await readPage(server, cursor, io);
    const { broken, checked } = checkAuditChain(page.links, at);
    if (broken !== null) {
      const what = broken.reason === 'missing' ? 'is missing' : 'is not what was written';
      io.stdout(
        `The chain breaks: entry ${broken.position} ${what}. ${at.position} entries before it hold.\n`,
      );
      return EXIT_FINDINGS;
    }
    seen ||= page.links.some((link) => link.position === kept?.position && link.hash === kept.hash);
    if (Math.floor(checked.position / TELL_EVERY) > Math.floor(at.position / TELL_EVERY)) {
      io.stderr(`${checked.position} entries hold so far\n`);
    }
    at = checked;
    cursor = page.nextCursor;
  } while (cursor !== null);
  if (!seen) {
    io.stdout(
      `The log does not contain the end that you kept (entry ${kept?.position}): it was cut or written anew.\n`,
    );
    return EXIT_FINDINGS;
  }
  io.stdout(`${at.position} entries, unbroken.\n`);
  if (at.position > 0) io.stdout(`Keep the end elsewhere, for --head next time: ${at.position}:${at.hash}\n`);
  return EXIT_OK;
}

function readHead(text: string | undefined): End | null {
  if (text === undefined) return null;
  const match = HEAD.exec(text);
  if (match === null)
    throw new BadInput('--head: give the line that an earlier check printed, such as 12:9f86d0….');
  return { position: Number(match[1]), hash: match[2] ?? '' };
}

async function readPage(
  server: Server,
  cursor: string | null,
  io: Io,
): Promise<{ readonly links: readonly AuditLink[]; readonly nextCursor: string | null }> {
  const query: (readonly [string, string])[] = [
    ['order', 'chain'],
    ['limit', String(PAGE_SIZE)],
    ...(cursor === null ? [] : [['cursor', cursor] as const]),
  ];
  const call = {
    ...{ method: 'GET' as const, path: '/v1/audit', query },
    ...{ timeoutMs: TIMEOUT_MS, doing: 'read the audit log' },
  };
  const body = asRecord(await callServer(server, call, io.fetch));
  if (!Array.isArray(body?.data)) throw notWatchbill(server);
  const links = body.data.map((row) => readLink(row));
  if (links.some((link) => link === null)) throw notWatchbill(server);
  const next = body.nextCursor;
  return {
    links: links.filter((link) => link !== null),
    nextCursor: typeof next === 'string' ? next : null,
  };
}

function readLink(value: unknown): AuditLink | null {
  const row = asRecord(value);
  if (row === null || !Number.isInteger(row.id) || !Number.isInteger(row.position)) return null;
  if (typeof row.at !== 'string' || typeof row.actor !== 'string') return null;
  if (typeof row.command !== 'string' || typeof row.hash !== 'string') return null;
  return {
    ...{ id: Number(row.id), at: row.at, actor: row.actor, command: row.command },
    ...{ origin: typeof row.origin === 'string' ? row.origin : null },
    ...{ input: row.input ?? null, before: row.before ?? null, after: row.after ?? null },
    ...{ position: Number(row.position), hash: plain(row.hash) },
  };
}
