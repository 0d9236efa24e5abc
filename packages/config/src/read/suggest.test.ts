import { expect, it } from 'vitest';
import { suggest } from './suggest.ts';

const KEYS = ['id', 'timeZone', 'workingHours', 'rotations', 'effectiveFrom'];

it.each([
  ['timezone', 'timeZone'],
  ['time_zone', 'timeZone'],
  ['working-hours', 'workingHours'],
  ['rotation', 'rotations'],
  ['roatations', 'rotations'],
  ['efectiveFrm', 'effectiveFrom'],
  ['idd', 'id'],
])('suggests for %s: %s', (word, meant) => {
  expect(suggest(word, KEYS)).toBe(meant);
});

it.each(['banana', '', 'x'.repeat(100_000)])('suggests nothing that is far away: %#', (word) => {
  expect(suggest(word, KEYS)).toBeNull();
});
