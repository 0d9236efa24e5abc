import type { App } from '@slack/bolt';
import type { Message } from '../../blocks/elements.ts';
import { helpMessage } from '../../blocks/help-blocks.ts';
import type { OncallWish, ParsedOncall } from '../../words/oncall-wish.ts';
import { parseOncall } from '../../words/parse-oncall.ts';
import { answerChange } from '../answers/answer-change.ts';
import { answerConnect, answerDisconnect } from '../answers/answer-connect.ts';
import { answerFairness } from '../answers/answer-fairness.ts';
import { answerLink, answerUnlink } from '../answers/answer-link.ts';
import { answerMe } from '../answers/answer-me.ts';
import { answerOff } from '../answers/answer-off.ts';
import { answerOverride } from '../answers/answer-override.ts';
import { answerPage } from '../answers/answer-page.ts';
import { answerPageAct } from '../answers/answer-page-act.ts';
import { answerTake, answerTakeBack } from '../answers/answer-take.ts';
import { answerSchedule, answerWho } from '../answers/answer-who.ts';
import { attend } from '../desk/attend.ts';
import { refreshHome } from '../desk/publish-home.ts';
import { said, strangerText } from '../desk/refusals.ts';
import { type Desk, isKnown, type KnownVisit, type Visit } from '../desk/visit.ts';
import { knownSchedules } from '../reads/schedules.ts';

/** `/oncall` and everything that is typed after it. */
export function listenToOncall(app: App, desk: Desk): void {
  // Whatever the workspace calls it in the settings of the app.
  app.command(/^\//, async ({ ack, body, client, context, respond }) => {
    await ack();
    const request = {
      key: `slack.command.${body.trigger_id}`,
      client,
      workspace: context.teamId ?? body.team_id,
      slackUser: body.user_id,
      channel: body.channel_id,
      trigger: body.trigger_id,
    };
    let wish: OncallWish | null = null;
    const visit = await attend(desk, { ...request, respond }, async (visitor) => {
      const parsed = await parse(visitor, body.text ?? '');
      if (!parsed.ok) return helpMessage(parsed.about, parsed.said);
      wish = parsed.wish;
      return answerWish(visitor, parsed.wish);
    });
    if (visit !== null && changes(wish)) await refreshHome(visit);
  });
}

async function parse(visit: Visit, text: string): Promise<ParsedOncall> {
  const { now, realNow, zone } = visit;
  const schedules = await knownSchedules(visit.desk.deps.database);
  return parseOncall(text, { now, realNow, zone, schedules });
}

const READS: ReadonlySet<OncallWish['do']> = new Set([
  'help',
  'who',
  'schedule',
  'fairness',
  'me',
  'link',
  'unlink',
]);

function changes(wish: OncallWish | null): boolean {
  return wish !== null && !READS.has(wish.do);
}

/** What anybody may ask; all else is for people who are known. */
async function answerWish(visit: Visit, wish: OncallWish): Promise<Message | null> {
  switch (wish.do) {
    case 'help':
      return helpMessage(wish.about);
    case 'who':
      return answerWho(visit, wish);
    case 'schedule':
      return answerSchedule(visit, wish);
    case 'fairness':
      return answerFairness(visit, wish.schedule);
    case 'connect':
      return answerConnect(visit, wish.code);
    case 'disconnect':
      return answerDisconnect(visit);
    case 'page':
      return answerPage(visit, wish);
    default:
      return isKnown(visit) ? actOn(visit, wish) : said(strangerText(visit));
  }
}

type KnownWish = Exclude<
  OncallWish,
  { readonly do: 'help' | 'who' | 'schedule' | 'fairness' | 'connect' | 'disconnect' | 'page' }
>;

function actOn(visit: KnownVisit, wish: KnownWish): Promise<Message | null> {
  switch (wish.do) {
    case 'me':
      return answerMe(visit);
    case 'cover':
    case 'swap':
      return answerChange(visit, wish);
    case 'take':
      return answerTake(visit, wish);
    case 'take-back':
      return answerTakeBack(visit);
    case 'override':
      return answerOverride(visit, wish);
    case 'off':
      return answerOff(visit, wish);
    case 'ack':
    case 'resolve':
    case 'escalate':
    case 'snooze':
      return answerPageAct(visit, wish);
    case 'link':
      return answerLink(visit, wish.schedule);
    case 'unlink':
      return answerUnlink(visit);
  }
}
