import { describe, expect, it } from 'vitest';
import { genieKeyOf, priorityOf, readOpsgenieAction, readOpsgenieAlert } from './opsgenie.ts';

const alert = {
  message: 'Queue of mails grows',
  alias: 'mail-queue',
  description: 'Nobody reads\nit any more.',
  responders: [{ type: 'team', name: 'mail' }],
  visibleTo: [],
  tags: ['mail', 'queue'],
  details: { depth: '90000' },
  entity: 'mx-1',
  source: 'checks',
  priority: 'P1',
  note: 'seen twice today',
};

describe('an alert of Opsgenie', () => {
  it('triggers with everything it carries', () => {
    expect(readOpsgenieAlert(alert)).toEqual({
      ok: true,
      signal: {
        action: 'trigger',
        dedupKey: 'mail-queue',
        summary: 'Queue of mails grows',
        severity: 'critical',
        source: 'checks',
        details: {
          priority: 'P1',
          description: 'Nobody reads\nit any more.',
          entity: 'mx-1',
          note: 'seen twice today',
          responders: [{ type: 'team', name: 'mail' }],
          details: { depth: '90000' },
          tags: ['mail', 'queue'],
        },
        links: [],
      },
    });
  });

  it.each([
    ['P1', 'critical'],
    ['P2', 'error'],
    ['p3', 'error'],
    [undefined, 'error'],
    ['P4', 'warning'],
    ['P5', 'info'],
  ])('of priority %s is %s', (priority, severity) => {
    expect(readOpsgenieAlert({ message: 'x', priority })).toMatchObject({ signal: { severity } });
  });

  it('keeps two long aliases apart', () => {
    const keys = ['a', 'b'].map((end) => {
      const read = readOpsgenieAlert({ message: 'x', alias: `${'k'.repeat(500)}${end}` });
      return read.ok ? read.signal.dedupKey : null;
    });
    expect(new Set(keys).size).toBe(2);
    expect(keys.every((key) => key !== null && key.length <= 255)).toBe(true);
  });

  it.each([
    [{}, 'message'],
    [{ message: '  ' }, 'message'],
    [{ message: 'x', priority: 'P9' }, 'priority'],
    [{ message: 'x', priority: 'constructor' }, 'priority'],
    [{ message: 'x', tags: 'a,b' }, 'tags'],
    [{ message: 'x', details: ['a'] }, 'details'],
    ['x', 'body'],
    [[], 'body'],
  ])('%j is refused for its %s', (body, field) => {
    const read = readOpsgenieAlert(body);
    expect(read.ok ? [] : Object.keys(read.errors)).toEqual([field]);
  });

  it('is shown with the priority it came with', () => {
    expect(priorityOf('error', { priority: 'P3' })).toBe('P3');
    expect(priorityOf('critical', null)).toBe('P1');
    expect(priorityOf('info', { priority: 'toString' })).toBe('P5');
  });
});

describe('an action on an alert of Opsgenie', () => {
  const now = Date.parse('2026-11-02T03:05:00Z');

  it('may say nothing, or who and why', () => {
    expect(readOpsgenieAction('close', undefined, now)).toMatchObject({ ok: true, fields: { note: null } });
    expect(readOpsgenieAction('acknowledge', { user: 'amara', note: 'mine' }, now)).toMatchObject({
      ok: true,
      fields: { user: 'amara', note: 'mine' },
    });
  });

  it('snoozes until an instant to come', () => {
    expect(readOpsgenieAction('snooze', { endTime: '2026-11-02T04:05:00Z' }, now)).toMatchObject({
      ok: true,
      fields: { endTime: now + 3_600_000 },
    });
    for (const endTime of [undefined, 'soon', '2026-11-02T03:00:00Z']) {
      expect(readOpsgenieAction('snooze', { endTime }, now).ok).toBe(false);
    }
  });

  it('needs a text for a note, and an object for anything', () => {
    expect(readOpsgenieAction('notes', {}, now).ok).toBe(false);
    expect(readOpsgenieAction('close', [], now).ok).toBe(false);
  });
});

it.each([
  ['GenieKey abc', 'abc'],
  ['geniekey  abc', 'abc'],
  ['Bearer abc', ''],
  ['GenieKey', ''],
  [undefined, ''],
])('the key of %j is %j', (header, key) => expect(genieKeyOf(header)).toBe(key));
