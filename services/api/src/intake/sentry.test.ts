import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignedBySentry, readSentry } from './sentry.ts';

const options = { severity: null };
const issue = {
  id: '1170820242',
  shortId: 'WEB-1',
  title: 'TypeError: x is not a function',
  culprit: 'checkout in pay',
  level: 'fatal',
  project: { id: '1', name: 'Web', slug: 'web' },
  web_url: 'https://sentry.example.com/issues/1170820242/',
};

describe('a webhook of Sentry', () => {
  it('triggers for a new issue and resolves it', () => {
    expect(readSentry({ action: 'created', data: { issue } }, 'issue', options)).toMatchObject({
      ok: true,
      signals: [
        {
          action: 'trigger',
          dedupKey: 'issue 1170820242',
          summary: 'TypeError: x is not a function',
          severity: 'critical',
          source: 'web',
          links: [{ text: 'Issue' }],
        },
      ],
    });
    for (const action of ['resolved', 'archived', 'ignored']) {
      expect(readSentry({ action, data: { issue } }, 'issue', options)).toMatchObject({
        signals: [{ action: 'resolve', dedupKey: 'issue 1170820242' }],
      });
    }
    expect(readSentry({ action: 'assigned', data: { issue } }, 'issue', options)).toMatchObject({
      signals: [],
    });
  });

  it('knows an issue again by its events', () => {
    const event = {
      event_id: 'e4874d664c3540c1a32eab185f12c5ab',
      issue_url: 'https://sentry.example.com/api/0/issues/1170820242/',
      web_url: 'https://sentry.example.com/issues/1170820242/events/1/',
      title: 'TypeError',
      level: 'error',
      tags: [['browser', 'Firefox']],
    };
    const body = { action: 'triggered', data: { event, triggered_rule: 'Often' } };
    expect(readSentry(body, 'event_alert', options)).toMatchObject({
      ok: true,
      signals: [{ dedupKey: 'issue 1170820242', severity: 'error', details: { rule: 'Often' } }],
    });
  });

  it('follows a metric up and down', () => {
    const data = {
      metric_alert: { id: '9', title: 'Slow', alert_rule: { id: '3', name: 'Slow' } },
      description_title: 'Critical: Slow',
      description_text: '900 in the last 10 minutes',
      web_url: 'https://sentry.example.com/alerts/9/',
    };
    const read = (action: string) => readSentry({ action, data }, 'metric_alert', options);
    expect(read('critical')).toMatchObject({
      signals: [{ action: 'trigger', dedupKey: 'metric 9', severity: 'critical', summary: 'Critical: Slow' }],
    });
    expect(read('warning')).toMatchObject({ signals: [{ severity: 'warning' }] });
    expect(read('resolved')).toMatchObject({ signals: [{ action: 'resolve', dedupKey: 'metric 9' }] });
    expect(read('open')).toMatchObject({ signals: [] });
  });

  it('asks for nothing where nobody is needed, and is refused where it is none', () => {
    expect(readSentry({ action: 'created' }, 'installation', options)).toMatchObject({
      ok: true,
      signals: [],
    });
    expect(readSentry({ action: 'created', data: {} }, 'issue', options).ok).toBe(false);
    expect(readSentry({}, '', options).ok).toBe(false);
    expect(readSentry(3, 'issue', options).ok).toBe(false);
  });
});

describe('a signature of Sentry', () => {
  const body = Buffer.from('{"action":"created"}');
  const signature = createHmac('sha256', 'secret').update(body).digest('hex');

  it('holds for this body and this secret only', () => {
    expect(isSignedBySentry(body, signature, 'secret')).toBe(true);
    expect(isSignedBySentry(body, signature.toUpperCase(), 'secret')).toBe(true);
    expect(isSignedBySentry(Buffer.from('{}'), signature, 'secret')).toBe(false);
    expect(isSignedBySentry(body, signature, 'other')).toBe(false);
    for (const wrong of [undefined, '', 'abc', 'g'.repeat(64), '0'.repeat(64), `${signature}00`]) {
      expect(isSignedBySentry(body, wrong, 'secret')).toBe(false);
    }
  });
});
