import { setTimeout as sleep } from 'node:timers/promises';
import { createConnectCode } from '@watchbill/commands';
import {
  askSlackBots,
  type Database,
  isoInstant,
  listSlackBots,
  type SlackBotRow,
} from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id } from '../schemas/scalars.ts';
import { slackCode, slackReport } from '../schemas/slack-schema.ts';
import { isoOrNull } from './iso.ts';

const tags = ['slack'];
/** A bot says every 30 s that it runs. */
const HEARD_OF_WITHIN_MS = 90_000;
/** The bots get this long to look; what they found before is told otherwise. */
const ANSWER_WITHIN_MS = 12_000;
const LOOK_MS = 250;

/** What the Slack bots found about their own rights, and codes that link accounts. */
export function addSlackRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/slack/check',
    guarded('people:read', {
      operationId: 'checkSlack',
      summary: 'What the Slack bot lacks',
      description:
        'Asks every running bot to look at its tokens, scopes, channels, user groups and people, and waits some seconds for what they find. Tokens never leave the bot.',
      tags,
      response: { 200: slackReport, ...refusals() },
    }),
    async () => ({ bots: (await freshReports(context.database)).map(botJson) }),
  );
  app.post(
    '/v1/people/:person/slack-code',
    guarded('contacts:write', {
      operationId: 'createSlackCode',
      summary: 'Make a one-time code that links a Slack account',
      description:
        'For somebody whose e-mail Slack does not tell. Good for 15 minutes; only its hash is stored.',
      tags,
      params: z.strictObject({ person: id }),
      response: { 201: slackCode, ...refusals(404, 409, 422) },
    }),
    async (request, reply) => {
      const made = valueFrom(
        await createConnectCode(commandContext(context, request), request.params),
        reply,
      );
      void reply.code(201);
      return made;
    },
  );
}

async function freshReports(database: Database): Promise<SlackBotRow[]> {
  const before = await listSlackBots(database, HEARD_OF_WITHIN_MS);
  if (before.length === 0) return [];
  await askSlackBots(database);
  const until = performance.now() + ANSWER_WITHIN_MS;
  for (;;) {
    await sleep(LOOK_MS);
    const bots = await listSlackBots(database, HEARD_OF_WITHIN_MS);
    const waiting = bots.some((bot) => bot.reportedAt === reportedAt(before, bot.id));
    if (!waiting || performance.now() > until) return bots;
  }
}

function reportedAt(bots: readonly SlackBotRow[], bot: string): number | null {
  return bots.find((each) => each.id === bot)?.reportedAt ?? null;
}

function botJson({ mode, startedAt, reportedAt: at, report }: SlackBotRow) {
  return {
    mode,
    startedAt: isoInstant(startedAt),
    reportedAt: isoOrNull(at),
    findings: [...(report?.findings ?? [])],
  };
}
