import { describe, expect, test } from 'vitest';
import { onCallText, TOPIC_LIMIT, withOnCall } from './topic-text.ts';

const MONDAY = Date.UTC(2026, 10, 30, 9);

describe('onCallText', () => {
  test('names who stands and until when, in the zone of the schedule', () => {
    const roles = [
      { role: 'primary', names: ['Amara'], until: MONDAY },
      { role: 'secondary', names: ['Benji'], until: MONDAY + 3_600_000 },
    ];
    expect(onCallText(roles, 'Europe/Berlin')).toBe(
      'On call: Amara (primary), Benji (secondary) until Mon 30 Nov 2026 10:00 Europe/Berlin',
    );
    expect(onCallText([], 'UTC')).toBe('On call: nobody');
    const hostile = [{ role: 'primary', names: ['<!channel> | <@U1>'], until: null }];
    expect(onCallText(hostile, 'UTC')).toBe('On call: ‹!channel› / ‹@U1›');
  });
});

describe('withOnCall', () => {
  test('changes its own part only, wherever it stands', () => {
    expect(withOnCall('', 'On call: Amara')).toBe('On call: Amara');
    expect(withOnCall('Runbooks: wiki', 'On call: Amara')).toBe('Runbooks: wiki | On call: Amara');
    expect(withOnCall('a | On call: Benji | b', 'On call: Amara')).toBe('a | On call: Amara | b');
    expect(withOnCall('a | On call: Amara | b', 'On call: Amara')).toBe('a | On call: Amara | b');
  });

  test('fits into what Slack takes, at the cost of its own words first', () => {
    const others = 'x'.repeat(180);
    const topic = withOnCall(others, `On call: ${'Amara, '.repeat(30)}`);
    expect(topic.length).toBeLessThanOrEqual(TOPIC_LIMIT);
    expect(topic.startsWith(others)).toBe(true);
    expect(withOnCall('y'.repeat(250), 'On call: Amara').length).toBeLessThanOrEqual(TOPIC_LIMIT);
  });
});
