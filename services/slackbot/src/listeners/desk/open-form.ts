import { randomUUID } from 'node:crypto';
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Message } from '../../blocks/elements.ts';
import { loadingView, outcomeView } from '../../blocks/view-elements.ts';
import { failureOf } from '../../web/slack-failure.ts';
import { apology } from './attend.ts';
import { said } from './refusals.ts';
import type { Visit } from './visit.ts';

/** A modal that is to be filled. */
export interface Form {
  readonly title: string;
  /** What goes into it: looked up after it is open, since a trigger lives three seconds. */
  readonly fill: () => Promise<ModalView>;
  /** On top of the modal in which the click was. */
  readonly push?: boolean;
}

const LATER = 'Slack takes nothing more from me just now, so nothing was done. Please try again in a moment.';

/** Opens a modal at once and fills it then. What it returns is to be said where it could not be opened. */
export async function openForm(visit: Visit, { title, fill, push = false }: Form): Promise<Message | null> {
  const { client, trigger } = visit;
  if (trigger === null)
    return said('I cannot open a form from here. Type `/oncall help` for the words to use.');
  const asked = { trigger_id: trigger, view: loadingView(title) };
  let opened: string;
  try {
    const answer = push ? await client.views.push(asked) : await client.views.open(asked);
    opened = answer.view?.id ?? '';
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'refused' && /trigger/.test(failure.reason)) {
      return said('That took too long: Slack lets me open a form for three seconds only. Please try again.');
    }
    if (failure.kind === 'rate_limited' || failure.kind === 'unreachable') return said(LATER);
    throw error;
  }
  await fillView(visit, opened, { title, fill });
  return null;
}

/** Fills an open modal; one that was closed meanwhile is left alone. */
export async function fillView(
  visit: Visit,
  viewId: string,
  { title, fill }: Pick<Form, 'title' | 'fill'>,
): Promise<void> {
  let view: ModalView;
  try {
    view = await fill();
  } catch (error) {
    const number = randomUUID().slice(0, 8);
    visit.desk.deps.logger.error({ err: error, number, key: visit.key }, 'a form could not be filled');
    view = outcomeView(title, apology(number).blocks);
  }
  await updateView(visit, { viewId, view });
}

/** Shows something else in an open modal. `hash`: only if nobody else has meanwhile. */
export async function updateView(
  { client }: { readonly client: WebClient },
  change: { readonly viewId: string; readonly view: ModalView; readonly hash?: string | undefined },
): Promise<void> {
  const { viewId, view, hash } = change;
  try {
    await client.views.update({ view_id: viewId, view, ...(hash === undefined ? {} : { hash }) });
  } catch (error) {
    const failure = failureOf(error);
    // Closed, or changed by the next click already.
    if (failure.kind === 'refused' && (failure.reason === 'not_found' || failure.reason === 'hash_conflict'))
      return;
    throw error;
  }
}
