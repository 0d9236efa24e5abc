import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAlertGroup } from './alertmanager.ts';
import { boundedDetails, DETAILS_LIMIT_BYTES } from './bounded-details.ts';
import { readDatadog } from './datadog.ts';
import { readGeneric } from './generic.ts';
import { readGrafana } from './grafana.ts';
import { readOpsgenieAction, readOpsgenieAlert } from './opsgenie.ts';
import { readAlertQuery } from './opsgenie-query.ts';
import { readPagerdutyChange, readPagerdutyEvent } from './pagerduty.ts';
import { readPagerdutyFirst } from './pagerduty-first.ts';
import { boundedKey, KEY_LIMIT, linksOf, oneLine, SUMMARY_LIMIT } from './plain-text.ts';
import { MAX_DEPTH, readJson } from './read-json.ts';
import { readSentry } from './sentry.ts';
import type { Reading, Signal } from './signal.ts';
import { readSnsNotification } from './sns.ts';

const RUNS = 400;
const UNSTORABLE = /[\0\p{Surrogate}]/u;

/** The fields that any of the senders know, so that made-up bodies reach further than the first look. */
const NAMES = [
  ...[
    'event_action',
    'payload',
    'summary',
    'severity',
    'source',
    'dedup_key',
    'links',
    'images',
    'href',
    'src',
  ],
  ...[
    'message',
    'alias',
    'priority',
    'tags',
    'details',
    'alerts',
    'status',
    'groupKey',
    'labels',
    'annotations',
  ],
  ...[
    'fingerprint',
    'title',
    'transition',
    'action',
    'data',
    'issue',
    'id',
    'event',
    'metric_alert',
    'ruleId',
  ],
  ...[
    'state',
    'Message',
    'Subject',
    'TopicArn',
    'custom_details',
    'commonLabels',
    '__proto__',
    'constructor',
  ],
];
const text = fc.oneof(
  fc.constantFrom('trigger', 'resolve', 'critical', 'firing', 'resolved', 'P1', 'alerting', 'ok', 'created'),
  fc.constantFrom('\0', '\uD800', '\u202Eexe', 'x'.repeat(5000), '💥'.repeat(900), 'https://example.com/a'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const { body } = fc.letrec((tie) => ({
  body: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('body'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), text), tie('body'), { maxKeys: 8 }),
  ),
}));

const group = { by: 'group', severityLabel: 'severity', severity: null } as const;
const mapping = { summary: '{$.summary}{$.title}', dedupKey: '$.id', each: '$[*]', severity: '$.severity' };
const READERS: Readonly<Record<string, (value: unknown) => Reading>> = {
  pagerduty: readPagerdutyEvent,
  'pagerduty, first version': readPagerdutyFirst,
  alertmanager: (value) => readAlertGroup(value, group),
  'alertmanager by alert': (value) => readAlertGroup(value, { ...group, by: 'alert' }),
  grafana: (value) => readGrafana(value, group),
  datadog: (value) => readDatadog(value, { severity: null }),
  'sentry issue': (value) => readSentry(value, 'issue', { severity: null }),
  'sentry event': (value) => readSentry(value, 'event_alert', { severity: null }),
  'sentry metric': (value) => readSentry(value, 'metric_alert', { severity: null }),
  generic: (value) => readGeneric(value, { mapping: null, severity: null }),
  'generic by mapping': (value) => readGeneric(value, { mapping, severity: null }),
  sns: (value) =>
    readSnsNotification(
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {},
      {
        ...{ mapping, severity: null, insufficientData: 'trigger' },
      },
    ),
};

/** What a page takes without a refusal. */
function isTakeable(signal: Signal): boolean {
  const json = JSON.stringify(signal);
  if (signal.dedupKey !== null && (signal.dedupKey === '' || signal.dedupKey.length > KEY_LIMIT))
    return false;
  if (UNSTORABLE.test(JSON.parse(json).dedupKey ?? '')) return false;
  if (signal.action !== 'trigger') return true;
  const { summary, details, links } = signal;
  const texts = [
    summary,
    signal.source ?? '',
    ...links.flatMap(({ href, text: label }) => [href, label ?? '']),
  ];
  return (
    summary.length > 0 &&
    summary.length <= SUMMARY_LIMIT &&
    !texts.some((one) => UNSTORABLE.test(one)) &&
    Buffer.byteLength(JSON.stringify(details)) <= DETAILS_LIMIT_BYTES &&
    !hasUnstorable(details)
  );
}

function hasUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return UNSTORABLE.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => UNSTORABLE.test(key) || hasUnstorable(inner));
}

describe('whatever is sent', () => {
  it.each(Object.keys(READERS))('%s refuses it with words, or reads what a page can take', (name) => {
    const read = READERS[name];
    const property = fc.property(body, (value) => {
      const reading = read?.(value);
      if (reading === undefined) return false;
      return reading.ok ? reading.signals.every(isTakeable) : reading.errors.length > 0;
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('Opsgenie and changes are read the same way', () => {
    const property = fc.property(body, (value) => {
      const alert = readOpsgenieAlert(value);
      const change = readPagerdutyChange(value, 0);
      const action = readOpsgenieAction('snooze', value, 0);
      const given = readOpsgenieAction('assign', value, 0);
      return (
        (alert.ok ? isTakeable(alert.signal) : Object.keys(alert.errors).length > 0) &&
        (change.ok ? change.change.summary !== '' : change.errors.length > 0) &&
        (action.ok || Object.keys(action.errors).length > 0) &&
        (given.ok ? given.fields.owner !== null : Object.keys(given.errors).length > 0)
      );
    });
    fc.assert(property, { numRuns: RUNS });
  });
});

describe('a search for alerts', () => {
  it.each([
    ['', {}],
    ['  status: open  ', { states: ['triggered', 'acknowledged'] }],
    ['status=closed AND alias: "a b"', { states: ['resolved'], dedupKey: 'a b' }],
    ['status:open acknowledged:true', { states: ['acknowledged'] }],
    ['tag: mail AND priority: p1 AND tinyId: 7', { tag: 'mail', priority: 'P1', number: 7 }],
    ['disk*', { summary: 'disk' }],
  ])('for "%s" is understood', (query, filter) => {
    expect(readAlertQuery(query)).toMatchObject({ ok: true, filter });
  });

  it.each([
    'a OR b',
    'NOT a',
    '(status: open)',
    'createdAt > 5',
    'color: red',
    'status: odd',
    'tag: "',
    'a:b:c:',
  ])('for "%s" is refused with words', (query) => {
    expect(readAlertQuery(query)).toMatchObject({ ok: false, error: expect.stringContaining('Query') });
  });

  it('ends, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (query) => {
        const read = readAlertQuery(query);
        return read.ok || read.error.length > 0;
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the bytes of a body', () => {
  it('are JSON in UTF-8, not too deep', () => {
    const read = (sent: string | Uint8Array) => readJson(typeof sent === 'string' ? Buffer.from(sent) : sent);
    expect(read('{"a":"[[[["}')).toEqual({ ok: true, value: { a: '[[[[' } });
    expect(read('"\\"[[["')).toEqual({ ok: true, value: '"[[[' });
    expect(read(`${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}`).ok).toBe(true);
    for (const wrong of [
      '',
      '{',
      '{"a":1}{',
      'NaN',
      '['.repeat(300_000),
      `${'['.repeat(65)}${']'.repeat(65)}`,
    ]) {
      expect(read(wrong).ok).toBe(false);
    }
    expect(read(Uint8Array.of(0x22, 0xff, 0x22)).ok).toBe(false);
  });

  it('give no object another prototype', () => {
    const read = readJson(Buffer.from('{"__proto__":{"summary":"x"}}'));
    const value = read.ok ? read.value : null;
    expect(readGeneric(value, { mapping: null, severity: null }).ok).toBe(false);
    expect(Object.getPrototypeOf(boundedDetails(value) ?? {})).toBe(Object.prototype);
  });
});

describe('what a page keeps', () => {
  it('of details is never more than fits, and says when it is less', () => {
    const huge = {
      text: '"\u0001é💥'.repeat(9_000),
      list: Array.from({ length: 9_000 }, (_, at) => ({ at })),
    };
    const kept = boundedDetails(huge);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(DETAILS_LIMIT_BYTES);
    expect(kept).toMatchObject({ truncated: true });
    expect(boundedDetails({ a: 1 })).toEqual({ a: 1 });
    expect(boundedDetails('text')).toEqual({ value: 'text' });
    for (const nothing of [undefined, null, '', {}]) expect(boundedDetails(nothing)).toBeNull();
  });

  it('of a line cuts no character in two', () => {
    expect(oneLine('💥'.repeat(10), 6)).toBe('💥💥…');
    expect(oneLine(' a\r\nb\u2028c ', 20)).toBe('a b c');
  });

  it('of a key is the whole key, or its beginning and its hash', () => {
    expect(boundedKey(42)).toBe('42');
    expect(boundedKey(' a ')).toBe('a');
    expect(boundedKey({})).toBeNull();
    expect(boundedKey('a\nb')).not.toBe(boundedKey('a b'));
    expect(boundedKey('k'.repeat(300))).toHaveLength(KEY_LIMIT);
  });

  it('of links leads only to web addresses', () => {
    const hrefs = [
      'javascript:alert(1)',
      'ftp://a',
      'https://',
      'http://a b',
      'https://ok.example.com/?a=1',
      7,
      null,
    ];
    expect(linksOf(hrefs.map((href) => ({ href })))).toEqual([{ href: 'https://ok.example.com/?a=1' }]);
  });
});
