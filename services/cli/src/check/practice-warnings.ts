import type { Config } from '@watchbill/config';
import type { PracticeFinding, PracticeLimit, RulePack } from '@watchbill/core';
import { checkPractice, DAY_MS, HOUR_MS } from '@watchbill/core';
import { showInstant, showLength } from '../format/clock.ts';
import type { Checking, OwnedShift, Warning } from './warning.ts';

/** Where people's on-call time does not keep the rule packs that were asked for, over the weeks ahead. */
export function practiceWarnings(
  config: Config,
  shifts: readonly OwnedShift[],
  checking: Checking,
): Warning[] {
  const [first] = config.schedules;
  if (first === undefined) return [];
  const start = checking.startIn(first.timeZone);
  const input = {
    window: { start, end: start + checking.weeks * 7 * DAY_MS },
    people: config.people,
    stretches: shifts.map(({ person, start: from, end, schedule, rotation, turn }) => ({
      person,
      start: from,
      end,
      turn: turn === null ? null : `${schedule} ${rotation} ${turn}`,
    })),
    notice: config.schedules.flatMap(({ id, rotations }) => {
      const days = rotations.flatMap(({ strategy }) =>
        strategy.kind === 'fair' ? [strategy.publishAheadDays] : [],
      );
      return days.length === 0 ? [] : [{ schedule: id, days: Math.min(...days) }];
    }),
  };
  return checking.packs.flatMap((pack) =>
    checkPractice(pack, input).map((finding) => warningOf(finding, pack, { config, checking })),
  );
}

function warningOf(
  finding: PracticeFinding,
  pack: RulePack,
  { config, checking }: { readonly config: Config; readonly checking: Checking },
): Warning {
  const { person, schedule, rule, at } = finding;
  const zone =
    checking.zone ?? config.people.find(({ id }) => id === person)?.timeZone ?? config.schedules[0]?.timeZone;
  const when =
    at === null ? '' : `, ${finding.times > 1 ? 'first ' : ''}from ${showInstant(at, zone ?? 'UTC')}`;
  const who = person === null ? `${schedule}` : checking.nameOf(person);
  return {
    code: `practice/${pack.id}/${rule.limit.kind}`,
    schedule,
    role: null,
    person,
    message: `${who} ${factOf(finding)}${when} (${pack.id}: ${rule.source})`,
  };
}

function factOf({ rule: { limit }, measured, times }: PracticeFinding): string {
  const often = times > 1 ? `${times} times ` : '';
  switch (limit.kind) {
    case 'rest':
      return `has ${often}less than ${limit.hours} h between turns, at least ${length(measured)}`;
    case 'free-stretch':
      return `has ${often}no ${limit.hours} h off call in ${limit.inDays} days`;
    case 'share-of-time':
      return `is on call ${Math.round(measured)} % of the time, more than ${limit.percent} %`;
    case 'days-in-a-row':
      return `is on call ${measured} days in a row, more than ${limit.days}`;
    case 'nights-in-a-row':
      return `is on call ${measured} nights in a row, more than ${limit.nights}`;
    default:
      return otherFact(limit, measured);
  }
}

function otherFact(limit: PracticeLimit, measured: number): string {
  switch (limit.kind) {
    case 'days-in-period':
      return `is on call on ${measured} of ${limit.inDays} days, more than ${limit.days}`;
    case 'free-blocks':
      return `has ${measured} of ${limit.blocks} free blocks of ${limit.daysEach} days in ${limit.inDays} days`;
    case 'weekends':
      return `is on call on ${measured} weekends of ${limit.inDays} days, more than ${limit.weekends}`;
    case 'every-holiday':
      return `is on call on every one of their ${measured} public holidays`;
    case 'published-ahead':
      return `publishes its plan ${measured} days ahead, less than ${limit.days}`;
    default:
      return '';
  }
}

function length(hours: number): string {
  return showLength(hours * HOUR_MS);
}
