import { DAY_MS, parseInstant } from '@watchbill/core';
import { clockNow, gapsWithin } from '@watchbill/database';
import type { EventFacts } from '@watchbill/events';
import { gapMessage } from '../blocks/gap-blocks.ts';
import type { Render } from './render.ts';
import { zoneOf } from './zone-of.ts';

/** How far ahead the notice of the morning looks. */
export const NOTICE_MS = 7 * DAY_MS;

type GapFacts = EventFacts<'coverage.gap_found'>['gap'];

/** Gaps that are still open: one that was just found, or all of the coming week. */
export const renderGapNotice: Render = async (database, { facts, subject, ts }) => {
  const gap = facts.gap as GapFacts | undefined;
  const schedule = gap?.schedule ?? subject;
  const now = await clockNow(database);
  const zone = await zoneOf(database, schedule);
  const open = await gapsWithin(database, { schedule, from: now, to: now + NOTICE_MS });
  if (gap === undefined) {
    const gaps = open.map(({ role, startsAt, endsAt }) => ({ role, start: startsAt, end: endsAt }));
    return gaps.length === 0 ? null : gapMessage({ schedule, gaps, open: true, zone });
  }
  const found = open.find(({ id }) => id === gap.id);
  if (found === undefined && ts === null) return null;
  const told = {
    role: gap.role,
    start: found?.startsAt ?? parseInstant(gap.start) ?? now,
    end: found?.endsAt ?? parseInstant(gap.end) ?? now,
  };
  return gapMessage({ schedule, gaps: [told], open: found !== undefined, zone });
};
