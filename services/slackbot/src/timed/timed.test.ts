import { describe, expect, test } from 'vitest';
import { noticeDay } from './gap-notices.ts';
import { leadDue } from './swap-reminders.ts';

const HOUR = 3_600_000;

describe('noticeDay', () => {
  test('is the local date from nine to noon, in the zone of the schedule', () => {
    const nine = Date.UTC(2026, 10, 30, 8);
    expect(noticeDay(nine, 'Europe/Berlin')).toBe('2026-11-30');
    expect(noticeDay(nine - 1, 'Europe/Berlin')).toBeNull();
    expect(noticeDay(nine + 3 * HOUR, 'Europe/Berlin')).toBeNull();
    expect(noticeDay(Date.UTC(2026, 10, 29, 23), 'Asia/Tokyo')).toBeNull();
    expect(noticeDay(Date.UTC(2026, 10, 30, 0), 'Asia/Tokyo')).toBe('2026-11-30');
  });

  test('comes on the day of a clock change, at nine of the new time', () => {
    expect(noticeDay(Date.UTC(2026, 9, 25, 8), 'Europe/Berlin')).toBe('2026-10-25');
    expect(noticeDay(Date.UTC(2026, 9, 25, 7, 59), 'Europe/Berlin')).toBeNull();
  });
});

describe('leadDue', () => {
  const expiresAt = 100 * HOUR;

  test('is a day and two hours before the end', () => {
    const swap = { createdAt: 0, expiresAt };
    expect(leadDue(swap, expiresAt - 25 * HOUR)).toBeNull();
    expect(leadDue(swap, expiresAt - 24 * HOUR)).toBe(24 * HOUR);
    expect(leadDue(swap, expiresAt - HOUR)).toBe(2 * HOUR);
  });

  test('is nothing for a request that was made just before', () => {
    expect(leadDue({ createdAt: expiresAt - 25 * HOUR, expiresAt }, expiresAt - 23 * HOUR)).toBeNull();
    expect(leadDue({ createdAt: expiresAt - 25 * HOUR, expiresAt }, expiresAt - HOUR)).toBe(2 * HOUR);
    expect(leadDue({ createdAt: expiresAt - 2 * HOUR, expiresAt }, expiresAt - HOUR)).toBeNull();
  });
});
