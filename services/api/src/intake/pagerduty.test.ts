import { describe, expect, it } from 'vitest';
import { readPagerdutyChange, readPagerdutyEvent, routingKeyOf } from './pagerduty.ts';

const payload = {
  summary: 'Disk of db-3 is 97% full',
  source: 'db-3.example.com',
  severity: 'critical',
  timestamp: '2026-11-02T03:04:05.000+0000',
  component: 'postgres',
  group: 'production',
  class: 'disk',
  custom_details: { 'free space': '3%', load: 0.75 },
};
const event = {
  routing_key: 'k'.repeat(32),
  event_action: 'trigger',
  dedup_key: 'db-3/disk',
  payload,
  images: [{ src: 'https://example.com/chart.png', href: 'https://example.com/chart', alt: 'Chart' }],
  links: [{ href: 'https://example.com/runbook', text: 'Runbook' }],
  client: 'Check of disks',
  client_url: 'https://example.com/checks/1',
};

describe('an event of PagerDuty', () => {
  it('triggers with everything it carries', () => {
    expect(readPagerdutyEvent(event)).toEqual({
      ok: true,
      ignored: null,
      signals: [
        {
          action: 'trigger',
          dedupKey: 'db-3/disk',
          summary: 'Disk of db-3 is 97% full',
          severity: 'critical',
          source: 'db-3.example.com',
          details: {
            component: 'postgres',
            group: 'production',
            class: 'disk',
            timestamp: '2026-11-02T03:04:05.000+0000',
            client: 'Check of disks',
            images: [{ src: 'https://example.com/chart.png', alt: 'Chart' }],
            custom_details: { 'free space': '3%', load: 0.75 },
          },
          links: [
            { href: 'https://example.com/runbook', text: 'Runbook' },
            { href: 'https://example.com/checks/1', text: 'Check of disks' },
            { href: 'https://example.com/chart', text: 'Chart' },
          ],
        },
      ],
    });
  });

  it.each(['acknowledge', 'resolve'] as const)('can %s what was triggered', (action) => {
    const read = readPagerdutyEvent({ event_action: action, dedup_key: 'db-3/disk' });
    expect(read).toEqual({ ok: true, ignored: null, signals: [{ action, dedupKey: 'db-3/disk' }] });
  });

  it('needs no key to trigger', () => {
    const { dedup_key: _, ...without } = event;
    expect(readPagerdutyEvent(without)).toMatchObject({ ok: true, signals: [{ dedupKey: null }] });
  });

  it('is shortened and cleaned, not refused, where only its text is long or odd', () => {
    const summary = `${'x'.repeat(2000)}`;
    const read = readPagerdutyEvent({
      ...event,
      payload: { ...payload, summary, source: 'a\u0000b\nc\uD800' },
    });
    expect(read).toMatchObject({ ok: true, signals: [{ source: 'a b c\uFFFD' }] });
    expect(read.ok && read.signals[0]?.action === 'trigger' && read.signals[0].summary).toHaveLength(1024);
  });

  it.each([
    ['no action', { ...event, event_action: undefined }, "'event_action' is missing or blank"],
    ['another action', { ...event, event_action: 'shout' }, "'event_action' is invalid"],
    ['no payload', { ...event, payload: undefined }, "'payload' is missing"],
    [
      'no summary',
      { ...event, payload: { ...payload, summary: '' } },
      "'payload.summary' is missing or blank",
    ],
    ['a summary of another type', { ...event, payload: { ...payload, summary: {} } }, "'payload.summary'"],
    [
      'no source',
      { ...event, payload: { ...payload, source: null } },
      "'payload.source' is missing or blank",
    ],
    ['no severity', { ...event, payload: { ...payload, severity: '' } }, "'payload.severity' is missing"],
    [
      'another severity',
      { ...event, payload: { ...payload, severity: 'p1' } },
      "'payload.severity' is invalid",
    ],
    ['a long key', { ...event, dedup_key: 'k'.repeat(256) }, "Length of 'dedup_key'"],
    ['no key to resolve', { event_action: 'resolve' }, "'dedup_key' is missing or blank"],
    ['a list', [event], 'not a JSON object'],
    ['null', null, 'not a JSON object'],
  ])('is refused with %s', (_name, body, error) => {
    const read = readPagerdutyEvent(body);
    expect(read.ok).toBe(false);
    expect(read.ok ? [] : read.errors.join()).toContain(error);
  });

  it('says everything that is wrong at once', () => {
    const read = readPagerdutyEvent({ event_action: 'trigger', payload: {} });
    expect(read.ok ? [] : read.errors).toHaveLength(3);
  });

  it('takes its key from the body, else from the header', () => {
    expect(routingKeyOf({ routing_key: 'body' }, 'header')).toBe('body');
    expect(routingKeyOf({}, 'header')).toBe('header');
    expect(routingKeyOf({ routing_key: { a: 1 } }, undefined)).toBe('');
  });
});

describe('a change event of PagerDuty', () => {
  const now = Date.parse('2026-11-02T03:05:00Z');

  it('is kept with its time and links', () => {
    const body = {
      payload: { summary: 'Build 42 is out', source: 'ci', timestamp: '2026-11-02T03:04:00Z' },
      links: [{ href: 'https://example.com/builds/42', text: 'Build' }],
    };
    expect(readPagerdutyChange(body, now)).toMatchObject({
      ok: true,
      change: {
        summary: 'Build 42 is out',
        source: 'ci',
        happenedAt: now - 60_000,
        links: [{ text: 'Build' }],
      },
    });
  });

  it('has our time where its own cannot be', () => {
    for (const timestamp of ['never', '2999-01-01T00:00:00Z', {}]) {
      const read = readPagerdutyChange({ payload: { summary: 'x', timestamp } }, now);
      expect(read).toMatchObject({ ok: true, change: { happenedAt: null } });
    }
  });

  it('needs a summary', () => {
    expect(readPagerdutyChange({ payload: {} }, now).ok).toBe(false);
    expect(readPagerdutyChange('x', now).ok).toBe(false);
  });
});
