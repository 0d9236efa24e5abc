import type { ShiftRow } from '@watchbill/database';
import { expect, it } from 'vitest';
import { collided } from './request-collided.ts';

function shift(id: string, part: Partial<ShiftRow>): ShiftRow {
  const place = { schedule: 'a', role: 'primary', seat: 'r/0', rotation: 'r', override: null };
  return { id, ...place, person: 'ann', start: 0, end: 10, sequence: 0, ...part };
}

const FRESH = new Set(['new']);

it.each<[string, ShiftRow[], string[]]>([
  ['the same hours', [shift('new', {}), shift('old', { schedule: 'b' })], ['a', 'b']],
  ['a part of them', [shift('new', {}), shift('old', { schedule: 'b', start: 9, end: 12 })], ['a', 'b']],
  ['one after the other', [shift('new', {}), shift('old', { schedule: 'b', start: 10, end: 12 })], []],
  ['another person', [shift('new', {}), shift('old', { schedule: 'b', person: 'ben' })], []],
  ['two that were there', [shift('old', {}), shift('older', { schedule: 'b' })], []],
  [
    'an override, which no plan can move',
    [shift('new', { rotation: null }), shift('old', { schedule: 'b' })],
    ['b'],
  ],
  [
    'a long one that began long before',
    [
      shift('old', { schedule: 'b', end: 99 }),
      shift('mid', { start: 20, end: 30 }),
      shift('new', { start: 50, end: 60 }),
    ],
    ['a', 'b'],
  ],
])('names the schedules of rotations that meet: %s', (_, shifts, schedules) => {
  expect(collided(shifts, FRESH)).toEqual(schedules);
});
