import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginning,
  type EditorDefinition,
  type EditorRotation,
  freeId,
  handoffWords,
  idOf,
  movedTo,
  previewOf,
  type Shape,
  withSecond,
  withStrategy,
} from './rotation-editor-model.ts';

const AT = Date.parse('2026-11-23T12:00:00Z');
const PEOPLE = ['amara', 'benji', 'cleo'];
const ZONES = [
  'Asia/Singapore',
  'Europe/London',
  'Europe/Lisbon',
  'America/Los_Angeles',
  'Asia/Kolkata',
  'Pacific/Auckland',
];

function filled(shape: Shape, timeZone: string, regions: readonly string[]): EditorDefinition {
  const begun = beginning({ shape, timeZone, regions, at: AT });
  const rotations = begun.rotations.map((rotation) => ({ ...rotation, roster: PEOPLE }));
  return { id: 'payments', name: 'Payments', timeZone, ...begun, rotations };
}

describe('a beginning', () => {
  it('leaves no hour without somebody, whatever the shape, the zone and the regions', () => {
    const regions = fc.uniqueArray(fc.constantFrom(...ZONES), { minLength: 3, maxLength: 3 });
    const shapes = fc.constantFrom<Shape>('simple', 'split', 'sun');
    fc.assert(
      fc.property(shapes, fc.constantFrom(...ZONES), regions, (shape, timeZone, zones) => {
        const preview = previewOf(filled(shape, timeZone, zones), PEOPLE, AT);
        expect(preview.kind).toBe('timeline');
        if (preview.kind === 'timeline') expect(preview.timeline.gaps).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('gives each region its own day', () => {
    const regions = ['Asia/Singapore', 'Europe/London', 'America/Los_Angeles'];
    const { rotations } = beginning({ shape: 'sun', timeZone: 'UTC', regions, at: AT });
    expect(rotations.map(({ id, hours }) => [id, hours])).toEqual([
      ['singapore', [{ from: '00:00', to: '08:00' }]],
      ['london', [{ from: '08:00', to: '16:00' }]],
      ['los-angeles', [{ from: '16:00', to: '00:00' }]],
    ]);
  });

  it('with a second role never has one person in both at once', () => {
    const preview = previewOf(withSecond(filled('split', 'Europe/London', [])), PEOPLE, AT);
    if (preview.kind !== 'timeline') throw new Error('the definition is valid');
    for (const a of preview.timeline.shifts) {
      for (const b of preview.timeline.shifts) {
        const together = a.role !== b.role && a.start < b.end && b.start < a.end;
        // Core and non-core hand off at different times, so only what begins together is compared.
        if (together && a.rotation === b.rotation?.replace('-second', ''))
          expect(a.person).not.toBe(b.person);
      }
    }
  });
});

describe('the sentence', () => {
  const say = (rotation: Partial<EditorRotation>) =>
    handoffWords({ id: 'week', ...rotation }, 'Europe/London');

  it('says the handoff back', () => {
    const start = '2026-11-30T09:00';
    expect(say({ cadence: { every: 1, unit: 'week' }, start })).toBe('Hands off every Monday 09:00 London');
    expect(say({ cadence: { every: 2, unit: 'week' }, start })).toBe(
      'Hands off every 2 weeks, on Monday 09:00 London',
    );
    expect(say({ cadence: { every: 1, unit: 'day' }, start: '2026-11-30' })).toBe(
      'Hands off every day at 00:00 London',
    );
    expect(say({ cadence: { every: 1, unit: 'week' }, start: '2026-07-06T08:00:00Z' })).toBe(
      'Hands off every Monday 09:00 London',
    );
    expect(say({ handoffs: ['07:00', '19:00'] })).toBe('Hands off at 07:00, 19:00 London');
    expect(say({})).toBe('');
  });
});

describe('what is changed', () => {
  it('moves one entry and keeps the others in order', () => {
    const list = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(list, fc.nat(7), fc.nat(7), (all, a, b) => {
        const [from, to] = [a % all.length, b % all.length];
        const moved = movedTo(all, from, to);
        expect(moved[to]).toBe(all[from]);
        expect(moved.filter((one) => one !== all[from])).toEqual(all.filter((one) => one !== all[from]));
      }),
    );
  });

  it('to the planner and back keeps what the form does not know', () => {
    const rotation = { id: 'week', note: 'kept', roster: PEOPLE, count: 'worked' } as const;
    expect(withStrategy(withStrategy(rotation, 'fair'), 'in_order')).toEqual({
      ...{ id: 'week', note: 'kept', roster: PEOPLE },
    });
  });

  it('gives ids that the configuration accepts', () => {
    expect(idOf('Zoë & Søren: Payments!')).toBe('zoe-s-ren-payments');
    const taken = new Set(['ana']);
    expect([freeId('Ana', taken), freeId('Ana', taken), freeId('王', taken)]).toEqual([
      'ana-2',
      'ana-3',
      'one',
    ]);
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(freeId(name, new Set())).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/);
      }),
    );
  });
});
