import { describe, expect, it } from 'vitest';
import { readDatadog } from './datadog.ts';

const options = { severity: null };
const sent = {
  cycle: '1234567890',
  monitor: '42',
  scope: 'host:web-1',
  transition: 'Triggered',
  title: '[P2] [Triggered on {host:web-1}] CPU is high on web-1',
  message: 'CPU is above 95',
  priority: 'P2',
  type: 'error',
  hostname: 'web-1',
  link: 'https://app.datadoghq.example.com/monitors/42',
  snapshot: '$SNAPSHOT',
};

describe('a webhook of Datadog', () => {
  it('triggers with the payload of the documentation', () => {
    expect(readDatadog(sent, options)).toMatchObject({
      ok: true,
      signals: [
        {
          action: 'trigger',
          dedupKey: '1234567890',
          summary: 'CPU is high on web-1',
          severity: 'error',
          source: 'web-1',
          links: [{ href: 'https://app.datadoghq.example.com/monitors/42', text: 'Monitor' }],
        },
      ],
    });
  });

  it.each(['Re-Triggered', 'No Data', 'Re-No Data', 'Warn', 'Re-Warn', 'Renotify'])(
    'triggers on %s',
    (transition) => {
      expect(readDatadog({ ...sent, transition }, options)).toMatchObject({
        ok: true,
        signals: [{ action: 'trigger' }],
      });
    },
  );

  it('resolves the same key when it recovers', () => {
    expect(readDatadog({ ...sent, transition: 'Recovered' }, options)).toEqual({
      ok: true,
      ignored: null,
      signals: [{ action: 'resolve', dedupKey: '1234567890' }],
    });
  });

  it('is less bad when it only warns', () => {
    const warned = { ...sent, transition: 'Warn', priority: '', type: 'warning' };
    expect(readDatadog(warned, options)).toMatchObject({ signals: [{ severity: 'warning' }] });
  });

  it('is understood with the payload that Datadog has by itself', () => {
    const own = { id: '1', title: '[Triggered on {host:web-1}] CPU is high', body: 'text', event_type: 'x' };
    const over = { ...own, id: '2', title: '[Recovered on {host:web-1}] CPU is high' };
    expect(readDatadog(own, options)).toMatchObject({
      signals: [{ action: 'trigger', dedupKey: 'CPU is high' }],
    });
    expect(readDatadog(over, options)).toMatchObject({
      signals: [{ action: 'resolve', dedupKey: 'CPU is high' }],
    });
  });

  it('asks for nothing where nothing is wrong, and is refused where nothing is said', () => {
    expect(readDatadog({ ...sent, transition: 'Escalated' }, options)).toMatchObject({
      ok: true,
      signals: [],
    });
    expect(readDatadog({ title: '$EVENT_TITLE' }, options).ok).toBe(false);
    expect(readDatadog('x', options).ok).toBe(false);
  });
});
