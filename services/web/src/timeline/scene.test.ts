import { DAY_MS, HOUR_MS } from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bar, rowsByPerson, rowsByRole } from './bars.ts';
import { drawnFor, nearestBar, rowsWithin, type Scene, sceneOf, scrollTo, timeOf } from './scene.ts';

const window = { from: 0, to: 365 * DAY_MS };
const nameOf = (id: string) => id;
const bar = (person: string | null, day: number, role = 'primary'): Bar => ({
  ...{ kind: person === null ? 'gap' : 'shift', person, role, rotation: null, override: null },
  ...{ start: day * DAY_MS, end: (day + 1) * DAY_MS },
});
const bars = Array.from({ length: 365 }, (_, day) => bar(`p${day % 40}`, day));
const scene = sceneOf({ rows: rowsByPerson(bars, nameOf), window, days: 365, width: 1_000 });

describe('rows', () => {
  it('by person are in the order of names, numbers in theirs, below the hours of nobody', () => {
    const rows = rowsByPerson([bar('p10', 0), bar('p9', 1), bar(null, 2)], nameOf);
    expect(rows.map((row) => row.by === 'person' && row.person)).toEqual([null, 'p9', 'p10']);
  });

  it('have a lane for each of those who stand together', () => {
    const [row] = rowsByRole([bar('a', 0), bar('b', 0), bar('a', 1)], ['primary']);
    expect(row?.lanes.map((lane) => lane.length)).toEqual([2, 1]);
  });
});

describe('a year of forty people', () => {
  it('is wider than the room for it, and has every bar once', () => {
    expect(scene.width).toBeGreaterThan(4_000);
    expect(scene.rows.flatMap((row) => row.bars)).toHaveLength(365);
    expect(scene.rows).toHaveLength(40);
  });

  it('is drawn in part: what is seen, and little more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: scene.width - 800 }), (left) => {
        const seen = { left, right: left + 800, top: 200, bottom: 700 };
        const drawn = drawnFor(seen);
        const [asked, shown] = [timeOf(scene, seen), timeOf(scene, drawn)];
        expect(shown.from).toBeLessThan(asked.from);
        expect(shown.to).toBeGreaterThan(asked.to);
        expect(drawn.right - drawn.left).toBeLessThan(3 * 800);
        expect(rowsWithin(scene, drawn).length).toBeLessThan(30);
      }),
    );
  });

  it('scrolls no further than it must to show a bar', () => {
    const seen = { left: 1_000, right: 1_800, top: 0, bottom: 500 };
    const [row] = scene.rows as Scene['rows'] & [Scene['rows'][0]];
    const at = (x: number) => (x / scene.width) * (window.to - window.from);
    const show = (from: number, to: number) => scrollTo(scene, { row, start: at(from), end: at(to) }, seen);
    expect(show(1_200, 1_210)).toEqual({ left: 1_000, top: 0 });
    expect(show(500, 510).left).toBeCloseTo(492, 0);
    expect(show(2_000, 2_010).left).toBeCloseTo(1_218, 0);
  });

  it('knows the bar at a time, or the nearest to it', () => {
    const row = scene.rows[0];
    if (row === undefined) throw new Error('there is no row');
    const own = row.bars.map((placed) => placed.bar.start / DAY_MS);
    expect(nearestBar(row, (own[1] ?? 0) * DAY_MS + HOUR_MS)?.index).toBe(1);
    expect(nearestBar(row, ((own[1] ?? 0) + 3) * DAY_MS)?.index).toBe(1);
    expect(nearestBar({ ...row, bars: [] }, 0)).toBeNull();
  });
});
