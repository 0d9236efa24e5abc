import { describe, expect, it } from 'vitest';
import { parseInstant } from '../time/format.ts';
import { checkPractice, type DutyStretch, type PracticeInput } from './practice.ts';
import { type PracticeLimit, RULE_PACKS, type RulePack } from './rule-packs.ts';

const at = (text: string): number => parseInstant(text) as number;
const WINDOW = { start: at('2026-03-02T00:00:00Z'), end: at('2026-06-29T00:00:00Z') };

function stretch(start: string, end: string, turn: string | null = null): DutyStretch {
  return { person: 'amara', start: at(`2026-${start}:00Z`), end: at(`2026-${end}:00Z`), turn };
}

function packOf(limit: PracticeLimit): RulePack {
  return { id: 'own', title: 'Own', note: null, rules: [{ limit, source: 'test' }] };
}

function check(limit: PracticeLimit, stretches: readonly DutyStretch[], more: Partial<PracticeInput> = {}) {
  const people = [{ id: 'amara', timeZone: 'UTC', holidays: null }];
  const found = checkPractice(packOf(limit), { window: WINDOW, people, stretches, notice: [], ...more });
  return found.map(({ measured, times, at: when }) => [measured, times, when]);
}

describe('checkPractice', () => {
  it('counts a week from Monday to Monday as seven days', () => {
    const week = [stretch('03-02T09:00', '03-09T09:00')];
    expect(check({ kind: 'days-in-a-row', days: 7 }, week)).toEqual([]);
    expect(check({ kind: 'days-in-a-row', days: 6 }, week)).toEqual([[7, 1, at('2026-03-02T00:00:00Z')]]);
    expect(check({ kind: 'nights-in-a-row', nights: 6 }, week)).toEqual([[7, 1, at('2026-03-02T00:00:00Z')]]);
  });

  it('asks for rest between turns, not between the parts of one', () => {
    const nights = [
      stretch('03-02T17:00', '03-03T09:00', 'a'),
      stretch('03-03T17:00', '03-04T09:00', 'a'),
      stretch('03-04T17:00', '03-05T09:00', 'b'),
    ];
    expect(check({ kind: 'rest', hours: 11 }, nights)).toEqual([[8, 1, at('2026-03-04T17:00:00Z')]]);
    expect(check({ kind: 'rest', hours: 8 }, nights)).toEqual([]);
  });

  it('finds the week without a long enough break', () => {
    const limit: PracticeLimit = { kind: 'free-stretch', hours: 35, inDays: 7 };
    expect(check(limit, [stretch('03-02T09:00', '03-09T09:00')])).toEqual([
      [0, 1, at('2026-03-02T09:00:00Z')],
    ]);
    // Five nights and a free weekend.
    const nights = [2, 3, 4, 5, 6].map((day) => stretch(`03-0${day}T17:00`, `03-0${day + 1}T09:00`));
    expect(check(limit, nights)).toEqual([]);
  });

  it('counts days in four weeks, weekends, and free blocks', () => {
    const three = [0, 1, 2].map((k) => {
      const start = at('2026-03-02T09:00:00Z') + k * 14 * 86_400_000;
      return { person: 'amara', start, end: start + 7 * 86_400_000, turn: null };
    });
    expect(check({ kind: 'days-in-period', days: 14, inDays: 28 }, three)).toEqual([]);
    expect(check({ kind: 'days-in-period', days: 13, inDays: 28 }, three)).toHaveLength(1);
    expect(check({ kind: 'weekends', weekends: 2, inDays: 28 }, three)).toEqual([]);
    expect(check({ kind: 'weekends', weekends: 1, inDays: 28 }, three)).toHaveLength(1);
    const blocks: PracticeLimit = { kind: 'free-blocks', blocks: 2, daysEach: 2, inDays: 28 };
    expect(check(blocks, three)).toEqual([]);
    const long = [stretch('03-02T09:00', '03-28T09:00')];
    expect(check(blocks, long)).toEqual([[1, 1, at('2026-03-02T00:00:00Z')]]);
  });

  it('measures the share of time with stretches that overlap counted once', () => {
    const half = [
      { person: 'amara', ...WINDOW, end: (WINDOW.start + WINDOW.end) / 2, turn: null },
      stretch('03-03T00:00', '03-04T00:00'),
    ];
    expect(check({ kind: 'share-of-time', percent: 25 }, half)).toEqual([[50, 1, null]]);
  });

  it('tells who has every public holiday', () => {
    const holidays = { id: 'XX', source: 'test', dates: ['2026-03-03', '2026-04-03', '2026-05-01'] };
    const people = [{ id: 'amara', timeZone: 'UTC', holidays }];
    const all = ['03-03', '04-03', '05-01'].map((day) => stretch(`${day}T09:00`, `${day}T10:00`));
    expect(check({ kind: 'every-holiday', atLeast: 3 }, all, { people })).toEqual([[3, 1, null]]);
    expect(check({ kind: 'every-holiday', atLeast: 3 }, all.slice(1), { people })).toEqual([]);
  });

  it('looks at the notice of plans', () => {
    const notice = [
      { schedule: 'a', days: 14 },
      { schedule: 'b', days: 28 },
    ];
    expect(check({ kind: 'published-ahead', days: 15 }, [], { notice })).toEqual([[14, 1, null]]);
  });

  it('has packs that name the source of every number', () => {
    expect(RULE_PACKS.map(({ id }) => id)).toEqual(['goodPractice', 'eu', 'de', 'fr', 'nl']);
    for (const { rules } of RULE_PACKS) {
      for (const { source } of rules) expect(source.length).toBeGreaterThan(10);
    }
  });
});
