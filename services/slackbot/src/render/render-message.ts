import { message, sections } from '../blocks/elements.ts';
import type { MessageKind } from '../message-kinds.ts';
import type { Render } from './render.ts';
import { renderGapNotice } from './render-gap-notice.ts';
import { renderPage, renderPageAgain, renderPageLog } from './render-page.ts';
import { renderReminder, renderShiftMoved } from './render-shift.ts';
import { renderShiftPost } from './render-shift-post.ts';
import { renderSwap, renderSwapNote } from './render-swap.ts';

const RENDERS: Readonly<Record<MessageKind, Render>> = {
  swap: renderSwap,
  swap_note: renderSwapNote,
  page: renderPage,
  page_log: renderPageLog,
  page_again: renderPageAgain,
  shift_post: renderShiftPost,
  reminder: renderReminder,
  shift_moved: renderShiftMoved,
  gap_notice: renderGapNotice,
  sync_problem: async (_database, { facts }) => {
    const text = String(facts.text);
    return message(text, sections([text]));
  },
};

/** Makes any message. One of a kind that this version does not know has nothing to say. */
export const renderMessage: Render = async (database, row) => {
  const render = (RENDERS as Readonly<Record<string, Render | undefined>>)[row.kind];
  return render === undefined ? null : render(database, row);
};
