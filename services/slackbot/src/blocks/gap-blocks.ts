import type { ZoneName } from '@watchbill/core';
import { context, type Message, message, sections } from './elements.ts';
import type { ShownShift } from './reminder-blocks.ts';
import { count, escapeText, timeSpan } from './text.ts';

const SHOWN_GAPS = 15;

/** Hours to be covered in which a role has nobody. */
export function gapMessage(scene: {
  readonly schedule: string;
  readonly gaps: readonly Omit<ShownShift, 'schedule'>[];
  /** Whether they are still open; a notice of one that was closed says so. */
  readonly open: boolean;
  readonly zone: ZoneName;
}): Message {
  const { schedule, gaps, open, zone } = scene;
  const lines = gaps
    .slice(0, SHOWN_GAPS)
    .map(({ role, start, end }) => `• ${escapeText(role)}: ${timeSpan({ start, end }, zone)}`);
  const head = open
    ? `*Nobody is on call* for ${escapeText(schedule)} in ${count(gaps.length, 'stretch', 'stretches')} to come:`
    : `*Covered again:* ${escapeText(schedule)} has somebody on call after all.`;
  const more = gaps.length - lines.length;
  const all = [head, ...lines, ...(more > 0 ? [`• and ${more} more`] : [])];
  const help = 'A manager can fill it: `/oncall override @person from … to …`.';
  return message(all.join('\n'), [...sections(all), ...(open ? [context(help)] : [])]);
}
