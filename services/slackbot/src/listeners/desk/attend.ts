import { randomUUID } from 'node:crypto';
import type { RespondFn } from '@slack/bolt';
import { claimOnce } from '@watchbill/database';
import { type Message, message } from '../../blocks/elements.ts';
import { outcomeView } from '../../blocks/view-elements.ts';
import { failureOf } from '../../web/slack-failure.ts';
import { said, strangerText } from './refusals.ts';
import { type Desk, openVisit, type Request, type Visit } from './visit.ts';

/** How long a request is known by its key: longer than Slack delivers it again. */
const CLAIM_MS = 2 * 60 * 60_000;

export interface Attended extends Request {
  /** Answers where the request came from; left out for what has no place, such as the home tab. */
  readonly respond?: RespondFn | undefined;
}

/** Does the work of a request; null where it has answered by itself, such as with a modal. */
export type Work = (visit: Visit) => Promise<Message | null>;

/**
 * Takes a request up once, however often it is delivered, and answers it. Never rejects: what goes wrong is logged
 * under a number that the visitor is told. Returns who came, or null where nothing was done.
 */
export async function attend(desk: Desk, attended: Attended, work: Work): Promise<Visit | null> {
  const { respond, ...request } = attended;
  const { logger, database } = desk.deps;
  try {
    if (!(await claimOnce(database, { key: request.key, forMs: CLAIM_MS }))) {
      logger.info({ key: request.key }, 'delivered again and left alone');
      return null;
    }
    const visit = await openVisit(desk, request);
    const answer = visit.profile?.bot === true ? said(strangerText(visit)) : await work(visit);
    if (answer !== null) await tell(visit, answer, respond);
    return visit;
  } catch (error) {
    await apologise(desk, attended, error);
    return null;
  }
}

/** Answers only the visitor: where they are, else in a modal, else by direct message. */
export async function tell(visit: Request, answer: Message, respond: RespondFn | undefined): Promise<void> {
  if (respond !== undefined) {
    await respond({
      response_type: 'ephemeral',
      replace_original: false,
      text: answer.text,
      blocks: answer.blocks,
    });
    return;
  }
  const { client, trigger, slackUser } = visit;
  if (trigger !== null && (await openOutcome(visit, answer))) return;
  await client.chat.postMessage({ channel: slackUser, text: answer.text, blocks: answer.blocks });
}

/** False where the trigger is used up or too old. */
async function openOutcome({ client, trigger }: Request, answer: Message): Promise<boolean> {
  try {
    await client.views.open({ trigger_id: trigger ?? '', view: outcomeView('On-call', answer.blocks) });
    return true;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'refused' && /trigger/.test(failure.reason)) return false;
    throw error;
  }
}

async function apologise(desk: Desk, attended: Attended, error: unknown): Promise<void> {
  const { logger } = desk.deps;
  const number = randomUUID().slice(0, 8);
  const { key, workspace, slackUser, respond } = attended;
  logger.error({ err: error, number, key, workspace, slackUser }, 'a request from Slack was not answered');
  try {
    await tell({ ...attended, trigger: null }, apology(number), respond);
  } catch (second) {
    logger.warn({ err: second, number, key }, 'nor could Slack be told so');
  }
}

/** What people are told when we do not know better ourselves. */
export function apology(number: string): Message {
  return message(
    `Something went wrong on my side, and I do not know whether it was done. Look before you try again; the log names it \`${number}\`.`,
  );
}
