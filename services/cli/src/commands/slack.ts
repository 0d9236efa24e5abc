import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { EXIT_FINDINGS, EXIT_OK } from '../io.ts';
import { type Host, withServer } from '../options.ts';
import { callServer, notWatchbill, plain, serverOf } from '../server/call-server.ts';
import { asRecord } from '../server/read-applied.ts';

interface ServerOptions {
  readonly url?: string;
  readonly token?: string;
}

interface Finding {
  readonly ok: boolean;
  readonly message: string;
}

/** The bots look at Slack while the client waits. */
const CHECK_TIMEOUT_MS = 30_000;
const CODE_TIMEOUT_MS = 15_000;

/** `watchbill slack check`, `watchbill slack code`: what the Slack bot of a server lacks, and codes that link accounts. */
export function addSlack(program: Command, { io, done }: Host): void {
  const slack = program.command('slack').description('the Slack bot of a server');
  const checking = slack
    .command('check')
    .description('say in plain words what the bot lacks: tokens, scopes, channels, user groups, accounts');
  withServer(checking, 'read people (the scope people:read)');
  checking.action(async (options: ServerOptions) => done(await check(options, io)));
  const coding = slack
    .command('code')
    .argument('<person>', 'id of a person')
    .description('make a one-time code that somebody types after /oncall connect');
  withServer(coding, 'change how people are reached (the scope contacts:write)');
  coding.action(async (person: string, options: ServerOptions) => done(await makeCode(person, options, io)));
}

async function check(options: ServerOptions, io: Io): Promise<number> {
  const server = serverOf(options, io);
  const call = {
    method: 'GET',
    path: '/v1/slack/check',
    timeoutMs: CHECK_TIMEOUT_MS,
    doing: 'read people',
  } as const;
  const body = asRecord(await callServer(server, call, io.fetch));
  if (!Array.isArray(body?.bots)) throw notWatchbill(server);
  const bots = body.bots.map(asRecord).filter((bot) => bot !== null);
  if (bots.length === 0) {
    io.stdout(
      'No Slack bot runs. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN and start one; docs/slack.md shows how.\n',
    );
    return EXIT_FINDINGS;
  }
  const findings = bots.flatMap((bot) => readFindings(bot.findings));
  const reported = bots.some((bot) => bot.reportedAt !== null);
  for (const { ok, message } of withoutDoubles(findings))
    io.stdout(`${ok ? 'ok      ' : 'missing '} ${message}\n`);
  if (!reported) io.stdout('The bot has not looked yet; ask again in a moment.\n');
  const missing = findings.filter(({ ok }) => !ok).length;
  return missing > 0 || !reported ? EXIT_FINDINGS : EXIT_OK;
}

function readFindings(value: unknown): Finding[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each) => {
    const finding = asRecord(each);
    return finding === null ? [] : [{ ok: finding.ok === true, message: plain(finding.message) }];
  });
}

/** Several bots find the same. What is missing comes last, where it is seen. */
function withoutDoubles(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((finding) => [`${finding.ok} ${finding.message}`, finding]));
  return [...seen.values()].sort((a, b) => Number(b.ok) - Number(a.ok));
}

async function makeCode(person: string, options: ServerOptions, io: Io): Promise<number> {
  const server = serverOf(options, io);
  const call = {
    ...{ method: 'POST' as const, path: `/v1/people/${encodeURIComponent(person)}/slack-code` },
    ...{ timeoutMs: CODE_TIMEOUT_MS, doing: 'change how people are reached' },
  };
  const body = asRecord(await callServer(server, call, io.fetch));
  if (body === null || typeof body.code !== 'string') throw notWatchbill(server);
  io.stdout(
    `Within 15 minutes, ${plain(body.person)} types in Slack:  /oncall connect ${plain(body.code)}\n`,
  );
  return EXIT_OK;
}
