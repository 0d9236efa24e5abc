import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventEnvelope } from './catalogue.ts';
import { parseEnvelope, parseEventData, webhookBody, webhookMessage } from './envelope.ts';

const gapFound: EventEnvelope = {
  id: 'evt_1',
  type: 'coverage.gap_found',
  schedule: 'payments',
  occurredAt: '2026-11-30T09:00:00Z',
  publishedAt: '2026-11-30T09:00:00.020Z',
  data: {
    gap: {
      id: 'gap_1',
      schedule: 'payments',
      role: 'primary',
      start: '2026-12-01T00:00:00Z',
      end: '2026-12-02T00:00:00Z',
    },
    dueAt: '2026-11-30T09:00:00Z',
    publishedAt: '2026-11-30T09:00:00.020Z',
    late: false,
  },
};

describe('webhookBody', () => {
  it('holds the type, the instant and the data, in this order, and nothing else', () => {
    const body = webhookBody(gapFound);
    expect(Object.keys(JSON.parse(body))).toEqual(['type', 'timestamp', 'data']);
    expect(webhookMessage.parse(JSON.parse(body))).toEqual({
      type: gapFound.type,
      timestamp: gapFound.occurredAt,
      data: gapFound.data,
    });
  });

  it('gives the same bytes after the event went through JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
        const event = { type: gapFound.type, occurredAt: gapFound.occurredAt, data };
        const again = JSON.parse(JSON.stringify(event)) as typeof event;
        expect(webhookBody(again)).toBe(webhookBody(event));
      }),
    );
  });
});

describe('parseEnvelope', () => {
  it('takes what it wrote', () => {
    expect(parseEnvelope(JSON.parse(JSON.stringify(gapFound)))).toEqual(gapFound);
  });

  it.each([
    ['an unknown type', { type: 'shift.begun' }],
    ['an instant with an offset', { occurredAt: '2026-11-30T09:00:00+01:00' }],
    ['data that is no object', { data: 'x' }],
  ])('refuses %s', (_, change) => {
    expect(() => parseEnvelope({ ...gapFound, ...change })).toThrow();
  });

  it('refuses data that lacks a fact of its type', () => {
    expect(() => parseEventData('coverage.gap_found', { ...gapFound.data, gap: { id: 'gap_1' } })).toThrow(
      /role/,
    );
  });
});
