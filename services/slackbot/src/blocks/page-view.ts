import type { KnownBlock, ModalView } from '@slack/types';
import type { Severity } from '@watchbill/core';
import { context, option, section } from './elements.ts';
import { escapeText } from './text.ts';
import { input, menu, modal, radios, textInput } from './view-elements.ts';

export const PAGE_VIEW = 'page_submit';
export const PAGE_SCHEDULE = 'page_schedule';
export const SUMMARY_LIMIT = 1_024;

export interface PageScene {
  readonly schedules: readonly string[];
  /** Null: whoever pages has to choose, so that nobody is woken by a guess. */
  readonly schedule: string | null;
  /** Who would be told first, in mrkdwn; null while that is open. */
  readonly told: string | null;
  readonly summary: string;
  readonly severity: Severity;
  /** The message it came from, for its link. */
  readonly link: string | null;
}

const SEVERITIES: readonly (readonly [Severity, string])[] = [
  ['critical', 'Critical: wake somebody up'],
  ['error', 'Error: wake somebody up'],
  ['warning', 'Warning: when they are awake'],
  ['info', 'Info: when they are awake'],
];

/** The modal that asks once more before somebody is paged. */
export function pageView(scene: PageScene): ModalView {
  const { schedules, schedule, told, summary, severity, link } = scene;
  const blocks: KnownBlock[] = [
    input(
      { id: 'schedule', label: 'Whose on-call?', tells: true },
      menu(
        schedules.map((id) => option(id, id)),
        schedule,
        PAGE_SCHEDULE,
      ),
    ),
    ...(told === null ? [] : [section(`This pages: ${told}`)]),
    input(
      { id: 'summary', label: 'What is wrong?', hint: 'This is what they read, or hear on the phone.' },
      textInput({
        initial: summary,
        most: SUMMARY_LIMIT,
        lines: true,
        example: 'Checkout answers 500 since 09:40',
      }),
    ),
    input(
      { id: 'severity', label: 'How bad is it?' },
      radios(
        SEVERITIES.map(([value, text]) => option(text, value)),
        severity,
      ),
    ),
    ...(link === null ? [] : [context(`With a link to <${escapeText(link)}|the message>.`)]),
  ];
  return modal({
    callback: PAGE_VIEW,
    title: 'Page the on-call',
    submit: 'Page now',
    blocks,
    state: { link },
  });
}
