import { createHash, randomUUID } from 'node:crypto';
import type { AckFn, App, ViewOutput, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Message } from '../../blocks/elements.ts';
import { plainTime } from '../../blocks/text.ts';
import { loadingView, outcomeView } from '../../blocks/view-elements.ts';
import { apology } from './attend.ts';
import { updateView } from './open-form.ts';
import { refreshHome } from './publish-home.ts';
import { said, strangerText, withTimes } from './refusals.ts';
import { type Filled, filled } from './view-values.ts';
import { type Desk, isKnown, type KnownVisit, openVisit, type Visit } from './visit.ts';

/** What a submission came to: what is wrong with which input (by block id), or what was done. */
export type Submitted =
  | { readonly errors: Readonly<Record<string, string>> }
  | { readonly title: string; readonly answer: Message };

type Work<V extends Visit> = (visit: V, fields: Filled, view: ViewOutput) => Promise<Submitted>;

/** What a modal does when it is submitted: `work` for people who are known, `workForAll` for everybody. */
export type Submit = {
  /** Its callback id. */
  readonly callback: string;
  /** Whether the home tab shows something else after it. */
  readonly changes?: boolean;
} & ({ readonly work: Work<KnownVisit> } | { readonly workForAll: Work<Visit> });

/** Has submissions answered, each once. */
export function listenToSubmissions(app: App, desk: Desk, all: readonly Submit[]): void {
  for (const each of all) {
    const { callback, changes = false } = each;
    const work = 'workForAll' in each ? each.workForAll : forKnownOnly(each.work);
    app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: callback }, async (args) => {
      const { ack, body, client, context, view } = args;
      const workspace = context.teamId ?? body.team?.id ?? '';
      const submission = { ack, client, view, workspace, slackUser: body.user.id };
      const visit = await submit(desk, submission, (visitor) =>
        work(visitor, filled(view.state.values), view),
      );
      if (changes && visit !== null) await refreshHome(visit);
    });
  }
}

function forKnownOnly(work: Work<KnownVisit>): Work<Visit> {
  return async (visit, fields, view) =>
    isKnown(visit)
      ? work(visit, fields, view)
      : { title: view.title.text, answer: said(strangerText(visit)) };
}

interface Submission {
  readonly ack: AckFn<ViewResponseAction>;
  readonly client: WebClient;
  readonly view: ViewOutput;
  readonly slackUser: string;
  readonly workspace: string;
}

/** Slack waits three seconds for an answer to a submission; by then it is told that we are at it. */
const ANSWER_WITHIN_MS = 1_800;
const ERROR_LIMIT = 500;

/**
 * Answers a submission. What is wrong comes back at the input it is about; where the work takes longer than Slack
 * waits, the modal says so and is filled later. A submission that is delivered twice is done once: the key is made of
 * the view and what was typed, since the same view may come again with its mistakes mended.
 */
async function submit(
  desk: Desk,
  submission: Submission,
  work: (visit: Visit) => Promise<Submitted>,
): Promise<Visit | null> {
  const { view } = submission;
  const title = view.title.text;
  const working = outcomeOf(desk, submission, work);
  const soon = await timeOut(working);
  if (soon !== 'late') {
    await acknowledge(submission, soon.submitted, title);
    return soon.visit;
  }
  await submission.ack({ response_action: 'update', view: loadingView(title) });
  const { submitted: outcome, visit } = await working;
  const answer = 'errors' in outcome ? said(Object.values(outcome.errors).join(' ')) : outcome.answer;
  await updateView(submission, { viewId: view.id, view: outcomeView(title, answer.blocks) });
  return visit;
}

interface Outcome {
  readonly submitted: Submitted;
  /** Null where nothing was done. */
  readonly visit: Visit | null;
}

async function outcomeOf(
  desk: Desk,
  { client, view, slackUser, workspace }: Submission,
  work: (visit: Visit) => Promise<Submitted>,
): Promise<Outcome> {
  const title = view.title.text;
  const key = `slack.view.${view.id}.${fingerprint(view)}`;
  const request = { key, client, workspace, slackUser, channel: null, trigger: null };
  try {
    const visit = await openVisit(desk, request);
    const submitted = await work(visit);
    if (!('errors' in submitted)) return { submitted, visit };
    // Slack turns no times at the inputs of a form.
    const shown = Object.entries(submitted.errors).map(([block, text]) => {
      return [block, withTimes(text, (at) => plainTime(at, visit.zone))] as const;
    });
    return { submitted: { errors: Object.fromEntries(shown) }, visit: null };
  } catch (error) {
    const number = randomUUID().slice(0, 8);
    desk.deps.logger.error({ err: error, number, key, workspace, slackUser }, 'a submission was not done');
    return { submitted: { title, answer: apology(number) }, visit: null };
  }
}

function fingerprint({ state, private_metadata: metadata }: ViewOutput): string {
  return createHash('sha256')
    .update(JSON.stringify([state.values, metadata]))
    .digest('hex')
    .slice(0, 32);
}

async function acknowledge({ ack }: Submission, outcome: Submitted, title: string): Promise<void> {
  if ('errors' in outcome) {
    const errors = Object.fromEntries(
      Object.entries(outcome.errors).map(([block, text]) => [block, text.slice(0, ERROR_LIMIT)]),
    );
    await ack({ response_action: 'errors', errors });
    return;
  }
  await ack({
    response_action: 'update',
    view: outcomeView(outcome.title || title, outcome.answer.blocks),
  });
}

async function timeOut<T>(work: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
