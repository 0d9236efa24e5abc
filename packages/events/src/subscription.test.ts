import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from './catalogue.ts';
import { eventPatterns, patternSuggestion, subscribes } from './subscription.ts';

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

describe('patternSuggestion', () => {
  it('has nothing to say about what is right', () => {
    for (const pattern of eventPatterns()) expect(patternSuggestion(pattern)).toBeNull();
    expect(eventPatterns()).toEqual(expect.arrayContaining(['*', 'shift.*', ...EVENT_TYPES]));
  });

  it.each([
    ['shift.start', 'shift.started'],
    ['shift.stared', 'shift.started'],
    ['shift_started', 'shift.started'],
    ['SHIFT.STARTED', 'shift.started'],
    ['shifts.*', 'shift.*'],
    ['coverage.gapfound', 'coverage.gap_found'],
    ['', '*'],
  ])('leads %s to %s', (wrong, right) => {
    expect(patternSuggestion(wrong)).toBe(right);
  });

  it('takes a huge input without trouble', () => {
    expect(patternSuggestion('x'.repeat(100_000))).not.toBeNull();
  });
});
