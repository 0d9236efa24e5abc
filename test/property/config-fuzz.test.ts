import { readdirSync, readFileSync } from 'node:fs';
import { cpuUsage } from 'node:process';
import {
  formatErrors,
  MAX_ERRORS,
  MAX_NESTING_DEPTH,
  MAX_TEXT_LENGTH,
  type ParseResult,
  parseConfig,
} from '@watchbill/config';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const EXAMPLES = new URL('../../examples/', import.meta.url);
const TEXTS = readdirSync(EXAMPLES).map((name) => readFileSync(new URL(name, EXAMPLES), 'utf8'));
const CODE = /^[a-z-]+\/[a-z0-9-]+$/;
/** Far above what any text here needs, far below a hang. CPU time: other work on the machine does not count. */
const MAX_CPU_MS = 20_000;

/** Reads a text and checks what must hold of every answer. */
function read(text: string): ParseResult {
  const before = cpuUsage();
  const result = parseConfig(text, { file: 'fuzz.yaml' });
  expect(cpuUsage(before).user / 1000).toBeLessThan(MAX_CPU_MS);
  if (result.ok) return result;
  expect(result.errors.length).toBeGreaterThan(0);
  expect(result.errors.length).toBeLessThanOrEqual(MAX_ERRORS + 1);
  const lines = formatErrors(result.errors).split('\n');
  expect(lines.length).toBe(result.errors.length);
  for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202E]/u);
  for (const { code, message, line, column } of result.errors) {
    expect(code).toMatch(CODE);
    expect(message).not.toBe('');
    expect(Number.isInteger(line) && Number.isInteger(column)).toBe(true);
  }
  return result;
}

function refusal(text: string): string {
  const result = read(text);
  if (result.ok) throw new Error('was accepted');
  return formatErrors(result.errors);
}

describe('any text', () => {
  it('gets an answer: random bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 2000 }).map((array) => new TextDecoder().decode(array));
    fc.assert(
      fc.property(bytes, (text) => void read(text)),
      { numRuns: 300 },
    );
  });

  it('gets an answer: random pieces of YAML', () => {
    const piece = fc.constantFrom(
      'version',
      ': ',
      ':',
      '\n',
      '\n  ',
      '\n    ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '&a ',
      '*a',
      '!!str ',
      '!x ',
      '? ',
      '| ',
      '>\n',
      '"',
      "'",
      '#',
      '---\n',
      '...\n',
      '%YAML 1.1\n',
      '\t',
      '1',
      'people',
      'schedules',
      'id',
      '<<',
      '__proto__',
      'constructor',
      '\\',
      '\u0085',
      '\u2028',
      '\ufeff',
      '\ud800',
      '~',
      '.nan',
      '0x',
    );
    const text = fc.array(piece, { maxLength: 120 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (each) => void read(each)),
      { numRuns: 1000 },
    );
  });

  it('gets an answer: examples with pieces changed', () => {
    const change = fc.record({
      at: fc.nat(),
      length: fc.nat(30),
      put: fc.oneof(
        fc.constantFrom('', '\n', ' ', '"', '[', '}', '- ', ': ', '*x', '0', 'null', '\t'),
        fc.string({ maxLength: 8 }),
      ),
    });
    const text = fc
      .tuple(fc.constantFrom(...TEXTS), fc.array(change, { minLength: 1, maxLength: 4 }))
      .map(([start, changes]) =>
        changes.reduce((now, { at, length, put }) => {
          const from = at % (now.length + 1);
          return now.slice(0, from) + put + now.slice(from + length);
        }, start),
      );
    fc.assert(
      fc.property(text, (each) => void read(each)),
      { numRuns: 300 },
    );
  });

  it('gets an answer: good keys with any values', () => {
    const key = fc.constantFrom(
      'version',
      'people',
      'teams',
      'schedules',
      'escalationPolicies',
      'id',
      'rotations',
      'roster',
      'cadence',
      'hours',
      'overrides',
      'strategy',
      'turns',
      'holidays',
      'steps',
      'notify',
      'coreHours',
      'unavailable',
      '__proto__',
      'toString',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, true, 0, -1, 1e300, '', 'x', 'team', 'fixed', 'GB', '2026-01-01', '09:00'),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(key, tie('any'), { maxKeys: 6 }),
      ),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 5 }), (model) => void read(JSON.stringify(model))),
      {
        numRuns: 500,
      },
    );
  });
});

// What is measured is CPU time; the clock on the wall only has to be patient with a busy machine.
describe('hostile text', { timeout: 180_000 }, () => {
  const deep = MAX_TEXT_LENGTH - 100;

  it.each([
    ['lists', '['],
    ['maps', '{'],
    ['lists of lists', '- '],
    ['keys', '? '],
    ['maps in lists', '[{a: '],
  ])('is refused when it nests too deep: %s', (_, piece) => {
    const text = piece.repeat(Math.floor(deep / piece.length));
    expect(refusal(text)).toContain(`nested deeper than ${MAX_NESTING_DEPTH} levels`);
  });

  it('is refused when it nests too deep by indentation', () => {
    const text = Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');
    expect(refusal(text)).toContain('nested deeper');
  });

  it('is refused when aliases multiply', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
        : `a${level}: &a${level} [${Array(9)
            .fill(`*a${level - 1}`)
            .join(', ')}]`,
    );
    expect(refusal(levels.join('\n'))).toMatch(/aliases|values/);
  });

  it('is refused when one large value is repeated', () => {
    const large = `a: &a [${Array(20_000).fill('x').join(', ')}]`;
    expect(refusal(`${large}\nb: [${Array(500).fill('*a').join(', ')}]`)).toContain('200000 values');
  });

  it.each([
    ['itself', 'version: 1\npeople: &a [*a]'],
    ['something around it', 'version: 1\npeople: &a [{ id: &b { x: *a } }]'],
    ['the whole file', '&all\nversion: 1\npeople: *all'],
  ])('is refused when an alias stands for %s', (_, text) => {
    expect(refusal(text)).toContain('inside its own anchor');
  });

  it('is refused when it is large, before it is read', () => {
    expect(refusal('a'.repeat(10_000_000))).toContain('too large');
    expect(refusal('- x\n'.repeat(2_500_000))).toContain('too large');
  });

  it.each([
    ['words', 'a b\n'],
    ['documents', '---\n'],
    ['closing brackets', ']'],
    ['comments', '# a\n'],
    ['empty lines', '\n'],
    ['quotes', '"'],
    ['directives', '%a b\n'],
    ['anchors', '&a '],
    ['unknown aliases', '*a\n'],
    ['commas', '[,'],
  ])('is answered in time: a million characters of %s', (_, piece) => {
    refusal(piece.repeat(Math.floor(MAX_TEXT_LENGTH / piece.length)));
  });

  it('is answered in time: as many errors as fit', () => {
    const people = Array.from({ length: 9000 }, (_, index) => `{id: ${index}}`).join(',');
    expect(refusal(`{version: 1, people: [${people}]}`)).toContain('More errors are not shown');
    const keys = Array.from({ length: 40_000 }, (_, index) => `k${index}: 1`).join('\n');
    expect(refusal(keys)).toContain('unknown key');
  });

  it('is answered in time: many people whom nobody knows', () => {
    const ids = (count: number, prefix: string) =>
      Array.from({ length: count }, (_, index) => `${prefix}${index}`);
    const people = ids(9000, 'personnel-').map((id) => `{id: ${id}}`);
    const rotation = (id: string) =>
      `{id: ${id}, roster: [${ids(450, 'personal-').join(',')}], cadence: {every: 1, unit: day}, start: 2026-01-01}`;
    const rotations = ids(90, 'r').map(rotation);
    const text = `{version: 1, people: [${people.join(',')}], schedules: [{id: s, timeZone: UTC, rotations: [${rotations.join(',')}]}]}`;
    expect(text.length).toBeLessThan(MAX_TEXT_LENGTH);
    expect(refusal(text)).toContain('personal-');
  });

  it('is answered in time: many zones that do not exist', () => {
    const people = Array.from(
      { length: 9900 },
      (_, index) => `{id: p${index}, timeZone: Amerika/New_Yorq${index}}`,
    );
    expect(refusal(`{version: 1, people: [${people.join(',')}]}`)).toContain('not an IANA time zone');
    const windows = Array.from(
      { length: 99 },
      (_, index) => `{from: "09:00", to: "10:00", timeZone: Amerika/Yorq${index}}`,
    );
    const rotations = Array.from(
      { length: 99 },
      (_, index) =>
        `{id: r${index}, roster: [a], cadence: {every: 1, unit: day}, start: 2026-01-01, hours: [${windows.join(',')}]}`,
    );
    const text = `{version: 1, people: [{id: a}], schedules: [{id: s, timeZone: UTC, rotations: [${rotations.join(',')}]}]}`;
    expect(text.length).toBeLessThan(MAX_TEXT_LENGTH);
    expect(refusal(text)).toContain('not an IANA time zone');
  });

  it('is refused when it names the holidays of too many places', () => {
    const states = 'BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH'.split(' ').map((state) => `DE-${state}`);
    const places = [
      ...states,
      ...'DE AT CH FR ES IT PT NL BE LU DK SE NO FI IE GB PL CZ SK HU SI HR RO BG GR'.split(' '),
    ];
    expect(places.length).toBe(41);
    const people = places.map((place, index) => `{id: p${index}, holidays: ${place}}`);
    expect(refusal(`{version: 1, people: [${people.join(',')}]}`)).toContain('more than 40 places');
  });

  it('does not reach the prototype of anything', () => {
    const text =
      '{version: 1, __proto__: {polluted: 1}, people: [{id: a, __proto__: {name: x}, constructor: {}}]}';
    expect(refusal(text)).toContain('unknown key "__proto__"');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
