import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from './catalogue.ts';
import { eventPatterns, isEventPattern, nearestEventPattern, subscribes } from './subscription.ts';

describe('subscribes', () => {
  it.each([
    [['shift.started'], 'shift.started', true],
    [['shift.started'], 'shift.starting_soon', false],
    [['shift.*'], 'shift.starting_soon', true],
    [['shift.*'], 'shifty.business', false],
    [['shift.*', 'override.*'], 'override.created', true],
    [['*'], 'delivery.endpoint_disabled', true],
    [[], 'shift.started', false],
    [['shift.start*'], 'shift.started', false],
  ])('%j takes %s: %s', (eventTypes, type, expected) => {
    expect(subscribes(eventTypes, type)).toBe(expected);
  });
});

describe('isEventPattern', () => {
  it('knows every type, every family and *', () => {
    expect(eventPatterns()).toEqual(expect.arrayContaining(['*', 'shift.*', ...EVENT_TYPES]));
    for (const pattern of eventPatterns()) expect(isEventPattern(pattern)).toBe(true);
  });

  it.each([
    '',
    '**',
    '.*',
    'shift',
    'shift.',
    'shift*',
    'shift.start*',
    'shift.begun',
    'SHIFT.*',
    'x'.repeat(100_000),
  ])('refuses %.20s', (pattern) => {
    expect(isEventPattern(pattern)).toBe(false);
  });
});

describe('nearestEventPattern', () => {
  it.each([
    ['shift.start', 'shift.started'],
    ['shift_started', 'shift.started'],
    ['SHIFT.STARTED', 'shift.started'],
    ['shifts.*', 'shift.*'],
    ['coverage.gapfound', 'coverage.gap_found'],
    ['incident.opened', null],
  ])('leads %s to %s', (wrong, right) => {
    expect(nearestEventPattern(wrong)).toBe(right);
  });
});
