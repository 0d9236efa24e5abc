import type { IntakeMapping } from '@watchbill/database';
import { describe, expect, it } from 'vitest';
import { MAX_ITEMS, readGeneric } from './generic.ts';
import { pathProblem, valueAt } from './json-path.ts';
import { mappingProblems } from './mapping.ts';

const plain = { mapping: null, severity: null };
const by = (mapping: IntakeMapping) => ({ mapping, severity: null });

describe('JSON in our own words', () => {
  it('triggers, is acknowledged and resolved', () => {
    const body = {
      summary: 'Backup failed',
      dedupKey: 'backup',
      severity: 'critical',
      source: 'cron',
      details: { exit: 2 },
      links: ['https://example.com/log', { href: 'https://example.com/job', text: 'Job' }],
    };
    expect(readGeneric(body, plain)).toEqual({
      ok: true,
      ignored: null,
      signals: [
        {
          action: 'trigger',
          dedupKey: 'backup',
          summary: 'Backup failed',
          severity: 'critical',
          source: 'cron',
          details: { exit: 2 },
          links: [{ href: 'https://example.com/log' }, { href: 'https://example.com/job', text: 'Job' }],
        },
      ],
    });
    for (const action of ['acknowledge', 'resolve'] as const) {
      expect(readGeneric({ action, dedupKey: 'backup' }, plain)).toMatchObject({
        ok: true,
        signals: [{ action, dedupKey: 'backup' }],
      });
    }
  });

  it('keeps fields that we do not know as details', () => {
    expect(readGeneric({ title: 'x', host: 'db-1' }, plain)).toMatchObject({
      signals: [{ details: { host: 'db-1' } }],
    });
  });

  it.each([[{}], [{ summary: '' }], [{ action: 'resolve' }], ['x'], [[]], [null], [7]])(
    '%j is refused',
    (body) => {
      expect(readGeneric(body, plain).ok).toBe(false);
    },
  );
});

describe('JSON by a mapping', () => {
  const body = {
    state: 'PROBLEM',
    alerts: [
      { id: 1, host: { name: 'db-1' }, text: 'disk', level: 'Sev0', tags: [{ key: 'team', value: 'data' }] },
      { id: 2, host: { name: 'db-2' }, text: 'load', level: 'odd', over: 'yes', tags: [] },
    ],
  };
  const mapping: IntakeMapping = {
    each: '$.alerts[*]',
    summary: '{$.text} on {$.host.name}',
    dedupKey: '$.id',
    severity: '$.level',
    severities: { critical: ['sev0'] },
    source: "$.tags[?@.key=='team'].value",
    action: '$.over',
    actions: { resolve: ['YES'] },
  };

  it('reads each thing of a list', () => {
    expect(readGeneric(body, by(mapping))).toMatchObject({
      ok: true,
      signals: [
        { action: 'trigger', dedupKey: '1', summary: 'disk on db-1', severity: 'critical', source: 'data' },
        { action: 'resolve', dedupKey: '2' },
      ],
    });
  });

  it('leaves out what is to be ignored, and what it was not told to take', () => {
    const ignoring = { ...mapping, actions: { ignore: ['yes'] } };
    expect(readGeneric(body, by(ignoring))).toMatchObject({ signals: [{ dedupKey: '1' }] });
    const choosing = { ...mapping, actions: { trigger: ['no'] } };
    expect(readGeneric(body, by(choosing))).toMatchObject({ signals: [], ignored: expect.any(String) });
  });

  it('says which thing is wrong', () => {
    const read = readGeneric(body, by({ ...mapping, summary: '$.nothing' }));
    expect(read.ok ? [] : read.errors).toEqual(['Of number 1: "summary" leads to nothing.']);
    const none = readGeneric(body, by({ summary: '$.x', each: '$.nothing[*]' }));
    expect(none).toMatchObject({ ok: true, signals: [] });
    expect(readGeneric('x', by(mapping)).ok).toBe(false);
  });

  it('is refused with more things than it takes', () => {
    const alerts = Array.from({ length: MAX_ITEMS + 1 }, (_, id) => ({ id, text: 'x', host: { name: 'y' } }));
    expect(readGeneric({ alerts }, by(mapping)).ok).toBe(false);
  });

  it('never takes a field of a prototype for one that was sent', () => {
    expect(readGeneric({ a: 1 }, by({ summary: '$.constructor.name' })).ok).toBe(false);
  });
});

describe('a path of a mapping', () => {
  it.each(['$', '$.a.b', "$['a-b'][0]", '$.a[-1]', '$.a[0:2]', "$.tags[?@.key=='host'].value", '$.a[*].b'])(
    'may be %s',
    (path) => expect(pathProblem(path)).toBeNull(),
  );

  it.each([
    '',
    'a.b',
    '$.',
    '$[',
    "$[?match(@.a, '(a+)+$')]",
    "$[?search(@.a, 'x')]",
    '$[?length(@.a) > 1]',
    '$[?((((@.a))))]',
    '$..a',
    '$[?@.a[?@.b]]',
    '$[?@..a]',
    '$[?@.a == $.b]',
    '$[?@[*]]',
    '$[0,0,0,0]',
    `$${'.a'.repeat(17)}`,
    `$.${'a'.repeat(200)}`,
    '$[?@.a==1||@.b==1||@.c==1||@.d==1||@.e==1]',
  ])('may not be %s', (path) => expect(pathProblem(path)).not.toBeNull());

  it('is looked at once a document, however large that is', () => {
    const wide = { list: Array.from({ length: 50_000 }, (_, id) => ({ id, deep: [{ id }] })) };
    const started = performance.now();
    for (const path of [
      '$.list[*].deep[*].id',
      '$.list[?@.id==49999].id',
      '$.list[?@.deep[0].id==1||@.id==2]',
    ]) {
      expect(pathProblem(path)).toBeNull();
      valueAt(wide, path);
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('is named with the field that has it', () => {
    expect(mappingProblems({ summary: '{$.a} {$[} ', each: 'x', dedupKey: '$..a' })).toMatchObject([
      { path: ['settings', 'mapping', 'each'] },
      { path: ['settings', 'mapping', 'summary'] },
      { path: ['settings', 'mapping', 'dedupKey'] },
    ]);
    expect(mappingProblems({ summary: 'always the same' })).toEqual([]);
    expect(mappingProblems({ summary: '{$.a}'.repeat(17) })).toHaveLength(1);
  });
});
