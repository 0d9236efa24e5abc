import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { HOLIDAY_SOURCE, holidayCalendar, holidayName, MAX_HOLIDAY_YEARS } from './holidays.ts';

function datesOf(place: string, year: number): readonly string[] {
  return holidayCalendar(place, { from: year, to: year })?.dates ?? [];
}

describe('holidayCalendar', () => {
  it('names the version of the data that is installed', () => {
    const { version } = createRequire(import.meta.url)('date-holidays/package.json') as { version: string };
    expect(HOLIDAY_SOURCE).toBe(`date-holidays@${version}`);
    expect(holidayCalendar('DE', { from: 2026, to: 2026 })?.source).toBe(HOLIDAY_SOURCE);
  });

  it('knows the bank holidays of England in 2026, with the day in lieu', () => {
    // As published by the government of the United Kingdom; the 26th itself is a Saturday.
    const published = ['01-01', '04-03', '04-06', '05-04', '05-25', '08-31', '12-25', '12-28'].map(
      (day) => `2026-${day}`,
    );
    expect(datesOf('GB-ENG', 2026).filter((date) => date !== '2026-12-26')).toEqual(published);
  });

  it('tells regions apart', () => {
    expect(datesOf('DE-BY', 2026)).toContain('2026-01-06');
    expect(datesOf('DE', 2026)).not.toContain('2026-01-06');
    expect(datesOf('gb-sct', 2026)).toContain('2026-01-02');
  });

  it('counts holidays that begin at sunset on the day after, and no half days', () => {
    expect(datesOf('IL', 2026)).toContain('2026-04-02');
    expect(datesOf('IL', 2026)).not.toContain('2026-04-01');
    expect(datesOf('CN', 2026)).not.toContain('2026-03-08');
    expect(datesOf('TR', 2026)).toEqual(expect.arrayContaining(['2026-03-20', '2026-03-21', '2026-03-22']));
    expect(datesOf('TR', 2026)).not.toContain('2026-03-23');
  });

  it('gives the same dates whichever years are asked for, sorted, each once', () => {
    const calendar = holidayCalendar('US-CA', { from: 2025, to: 2027 });
    const dates = calendar?.dates ?? [];
    expect(dates).toEqual([...new Set(dates)].sort());
    for (const year of [2025, 2026, 2027]) {
      expect(dates.filter((date) => date.startsWith(String(year)))).toEqual(
        datesOf('US-CA', year).filter((date) => date.startsWith(String(year))),
      );
    }
  });

  it('refuses unknown places instead of falling back on the country', () => {
    for (const place of ['XX', 'GB-XXX', 'GB-ENG-XX', 'DE-BY-A-B', '', '-', 'US-LA-XX']) {
      expect(holidayCalendar(place, { from: 2026, to: 2026 })).toBeNull();
    }
    expect(holidayCalendar('US-LA-NO', { from: 2026, to: 2026 })).not.toBeNull();
  });

  it('never works out more years than it says', () => {
    const years = new Set(
      holidayCalendar('DE', { from: 0, to: 9999 })?.dates.map((date) => Number(date.slice(0, 4))),
    );
    expect([Math.min(...years), Math.max(...years)]).toEqual([MAX_HOLIDAY_YEARS.from, MAX_HOLIDAY_YEARS.to]);
  });
});

describe('holidayName', () => {
  it('is the same from year to year, also for a day that moves or is given in lieu', () => {
    expect([holidayName('GB-ENG', '2026-04-03'), holidayName('gb-eng', '2027-03-26')]).toEqual([
      'Good Friday',
      'Good Friday',
    ]);
    expect([holidayName('GB-ENG', '2027-12-25'), holidayName('GB-ENG', '2027-12-27')]).toEqual([
      'Christmas Day',
      'Christmas Day',
    ]);
  });

  it('has a name for every date of a calendar, and for no other', () => {
    for (const place of ['DE-BY', 'SG', 'IL', 'US-CA']) {
      for (const date of datesOf(place, 2027))
        expect(holidayName(place, date), `${place} ${date}`).not.toBe(null);
    }
    expect(holidayName('DE', '2027-02-02')).toBeNull();
    expect(holidayName('XX', '2027-01-01')).toBeNull();
    expect(holidayName('DE', '1980-01-01')).toBeNull();
    expect(holidayName('listed', 'soon')).toBeNull();
  });
});
