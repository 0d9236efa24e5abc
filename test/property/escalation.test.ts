import {
  acknowledge,
  advance,
  dueAt,
  type EscalationPolicy,
  type EscalationStep,
  type EscalationTarget,
  escalate,
  newPlace,
  type PagePlace,
  SEEK_EVERY_MS,
  type Situation,
} from '@watchbill/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const MINUTE_MS = 60_000;
const PEOPLE = ['amara', 'benji', 'cleo', 'dev'];
const ROLES = ['primary', 'secondary'];
/** The world changes at every full ten minutes, and the same way again after so many of them. */
const WORLD_STEP_MS = 10 * MINUTE_MS;

/** Who is on call in each role, and whether it is core hours, in one stretch of ten minutes. */
interface Stretch {
  readonly onCall: Readonly<Record<string, readonly string[]>>;
  readonly core: boolean;
}

interface World {
  readonly stretches: readonly Stretch[];
  readonly reachable: readonly string[];
}

const target: fc.Arbitrary<EscalationTarget> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ROLES).map(roleTarget) },
  { weight: 2, arbitrary: fc.constantFrom(...PEOPLE).map((person) => ({ kind: 'person' as const, person })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'slackChannel' as const, channel: '#payments' }) },
);

function roleTarget(role: string): EscalationTarget {
  return { kind: 'schedule', schedule: 'payments', role };
}

const step: fc.Arbitrary<EscalationStep> = fc.record({
  targets: fc.array(target, { minLength: 1, maxLength: 3 }),
  waitMs: fc.integer({ min: 1, max: 30 }).map((minutes) => minutes * MINUTE_MS),
  severities: fc.option(fc.constant(['critical' as const]), { freq: 4 }),
  hours: fc.option(
    fc.record({
      kind: fc.constantFrom('core' as const, 'non-core' as const),
      schedule: fc.constant('payments'),
    }),
    { freq: 4 },
  ),
  roundRobin: fc.constant(false),
});

const policies: fc.Arbitrary<EscalationPolicy> = fc.record({
  id: fc.constant('payments'),
  name: fc.constant('Payments'),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
  repeat: fc.integer({ min: 0, max: 2 }),
  lastResort: fc.array(target, { maxLength: 2 }),
  retriggerAfterMs: fc.constant(null),
});

const worlds: fc.Arbitrary<World> = fc.record({
  stretches: fc.array(
    fc.record({
      onCall: fc.record({
        primary: fc.subarray(PEOPLE, { maxLength: 2 }),
        secondary: fc.subarray(PEOPLE, { maxLength: 1 }),
      }),
      core: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  reachable: fc.subarray(PEOPLE),
});

/** Mostly soon, now and then after an outage. */
const looks = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 5 * MINUTE_MS }) },
    { weight: 1, arbitrary: fc.integer({ min: MINUTE_MS, max: 300 * MINUTE_MS }) },
  ),
  { minLength: 1, maxLength: 60 },
);

function stretchAt(world: World, now: number): Stretch {
  const { stretches } = world;
  return stretches[Math.floor(now / WORLD_STEP_MS) % stretches.length] as Stretch;
}

function situationAt(world: World, now: number): Situation {
  const { onCall, core } = stretchAt(world, now);
  return {
    onCall: (schedule, role) => (schedule === 'payments' ? (onCall[role] ?? []) : []),
    reachable: (person) => world.reachable.includes(person),
    inCoreHours: () => core,
    lastTold: () => null,
  };
}

/** One thing that became of a page: `1 amara+#payments`, `last cleo`, `unreachable`. */
interface Told {
  readonly at: number;
  readonly text: string;
}

/** What the naive reading of the rules says about whom a step tells at an instant; empty: nobody and nothing. */
function tellsAt(step: EscalationStep, world: World, now: number): { people: string[]; channels: string[] } {
  const { onCall, core } = stretchAt(world, now);
  const none = { people: [], channels: [] };
  if (step.severities !== null && !step.severities.includes('critical')) return none;
  if (step.hours !== null && (step.hours.kind === 'core') !== core) return none;
  const people: string[] = [];
  const channels: string[] = [];
  for (const one of step.targets) {
    if (one.kind === 'slackChannel') channels.push(one.channel);
    else if (one.kind === 'person') people.push(one.person);
    else if (one.kind === 'schedule') people.push(...(onCall[one.role] ?? []));
  }
  return { people: [...new Set(people)].filter((person) => world.reachable.includes(person)), channels };
}

/** The whole story written out: every step of every pass in a row, and a finger that moves along it. */
function oracle(policy: EscalationPolicy, world: World, times: readonly number[]): Told[] {
  const last: EscalationStep = {
    ...{ targets: policy.lastResort, waitMs: 0, severities: null, hours: null, roundRobin: false },
  };
  const row = Array.from({ length: policy.repeat + 1 }, () => policy.steps.map((each, at) => ({ each, at })));
  const story = row.flat();
  const told: Told[] = [];
  let finger = 0;
  let due = 0;
  let seeking = false;
  let reached = false;
  const tell = (now: number, each: EscalationStep, name: string): void => {
    const { people, channels } = tellsAt(each, world, now);
    told.push({ at: now, text: `${name} ${[...people, ...channels].join('+')}` });
    if (people.length > 0) reached = true;
  };
  for (const now of times) {
    if (now < due) continue;
    const hears = (each: EscalationStep): boolean => {
      const { people, channels } = tellsAt(each, world, now);
      return people.length > 0 || (!seeking && channels.length > 0);
    };
    const next = story.findIndex(({ each }, at) => at >= (seeking ? 0 : finger) && hears(each));
    const found = story[next];
    const wasSeeking = seeking;
    if (found !== undefined) {
      tell(now, found.each, String(found.at));
      finger = next + 1;
      due = now + found.each.waitMs;
      seeking = false;
      continue;
    }
    due = Number.POSITIVE_INFINITY;
    if (hears(last)) tell(now, last, 'last');
    if (reached) {
      seeking = false;
      continue;
    }
    if (!wasSeeking) told.push({ at: now, text: 'unreachable' });
    const people = [...policy.steps.filter((each) => each.severities?.includes('critical') ?? true), last];
    if (people.some((each) => each.targets.some(({ kind }) => kind !== 'slackChannel'))) {
      seeking = true;
      due = now + SEEK_EVERY_MS;
    }
  }
  return told;
}

function run(
  policy: EscalationPolicy,
  world: World,
  times: readonly number[],
): { told: Told[]; place: PagePlace; numbers: number[] } {
  let place = newPlace('critical', 0);
  const told: Told[] = [];
  const numbers: number[] = [];
  for (const now of times) {
    const made = advance({ place, policy, assignedTo: null }, now, situationAt(world, now));
    if (made === null) continue;
    place = made.place;
    if (made.fired !== null) {
      const { fired } = made;
      numbers.push(fired.number);
      const channels = fired.targets.map((one) => (one.kind === 'slackChannel' ? one.channel : one.url));
      const names = [...fired.told.map(({ person }) => person), ...channels].join('+');
      told.push({ at: now, text: `${fired.kind === 'last_resort' ? 'last' : fired.step} ${names}` });
    }
    if (made.ending === 'unreachable') told.push({ at: now, text: 'unreachable' });
    // Nothing more may be due at the same instant.
    expect(advance({ place, policy, assignedTo: null }, now, situationAt(world, now))).toBe(null);
  }
  return { told, place, numbers };
}

function timesOf(pauses: readonly number[]): number[] {
  let now = 0;
  return pauses.map((pause) => {
    now += pause;
    return now;
  });
}

describe('escalation', () => {
  it('is what the written-out story says, however late anybody looks', () => {
    fc.assert(
      fc.property(policies, worlds, looks, (policy, world, pauses) => {
        const times = timesOf(pauses);
        const { told, numbers } = run(policy, world, times);
        expect(told).toEqual(oracle(policy, world, times));
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      }),
      { numRuns: 2_000 },
    );
  });

  it('fires no step twice in a pass, none out of order, and never two in less than the first one waits', () => {
    fc.assert(
      fc.property(policies, worlds, looks, (policy, world, pauses) => {
        const { told } = run(policy, world, timesOf(pauses));
        // Whoever is found after nobody could be told begins the passes anew.
        const found = told.findLastIndex(({ text }) => text === 'unreachable') + 1;
        const steps = told
          .slice(found)
          .filter(({ text }) => /^\d/.test(text))
          .map(({ at, text }) => ({ at, step: Number.parseInt(text, 10) }));
        let passes = 0;
        for (const [index, { at, step }] of steps.entries()) {
          const before = steps[index - 1];
          if (before === undefined) continue;
          if (step <= before.step) passes += 1;
          expect(at - before.at).toBeGreaterThanOrEqual(policy.steps[before.step]?.waitMs ?? 0);
        }
        expect(passes).toBeLessThanOrEqual(policy.repeat);
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends with a person who was told, or says that nobody could be', () => {
    fc.assert(
      fc.property(policies, worlds, (policy, world) => {
        // Long enough to go through all of it, look for somebody all round the world, and go through it again.
        const steps = 2 * policy.steps.length * (policy.repeat + 1) + 60;
        const times = Array.from({ length: steps }, (_, index) => index * 31 * MINUTE_MS);
        const { told, place } = run(policy, world, times);
        expect(place.phase).not.toBe('stepping');
        const person = told.some(({ text }) => PEOPLE.some((name) => text.includes(name)));
        expect(person || told.some(({ text }) => text === 'unreachable')).toBe(true);
        // It looks on exactly as long as nobody was told and somebody might be.
        if (place.phase === 'seeking') expect(person).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes turns in a round robin step: everybody of it once before anybody twice', () => {
    fc.assert(
      fc.property(fc.subarray(PEOPLE, { minLength: 1 }), fc.integer({ min: 0, max: 20 }), (people, extra) => {
        const policy: EscalationPolicy = {
          ...{ id: 'payments', name: 'Payments', repeat: 0, lastResort: [], retriggerAfterMs: null },
          steps: [
            {
              targets: people.map((person) => ({ kind: 'person', person })),
              ...{ waitMs: MINUTE_MS, severities: null, hours: null, roundRobin: true },
            },
          ],
        };
        let last: string | null = null;
        const picked: string[] = [];
        for (let page = 0; page < people.length + extra; page += 1) {
          const situation: Situation = {
            ...{ onCall: () => [], reachable: () => true, inCoreHours: () => null },
            lastTold: () => last,
          };
          const made = advance({ place: newPlace('error', 0), policy, assignedTo: null }, 0, situation);
          expect(made?.fired?.told.length).toBe(1);
          last = made?.fired?.told[0]?.person ?? null;
          picked.push(last ?? '');
        }
        const cycle = picked.slice(0, people.length);
        expect([...cycle].sort()).toEqual([...people].sort());
        for (const [index, person] of picked.entries()) expect(person).toBe(cycle[index % people.length]);
      }),
    );
  });

  it('stands still while it is acknowledged, and goes on where it was when somebody escalates', () => {
    fc.assert(
      fc.property(policies, worlds, looks, fc.nat(59), (policy, world, pauses, when) => {
        const times = timesOf(pauses);
        const before = run(policy, world, times.slice(0, when)).place;
        const now = times.at(-1) ?? 0;
        const taken = acknowledge(before, policy, now);
        expect(dueAt(taken)).toBe(null);
        const pushed = escalate(taken, now);
        const made = advance({ place: pushed, policy, assignedTo: null }, now, situationAt(world, now));
        expect(made).not.toBe(null);
        if (made?.fired != null) expect(made.fired.number).toBe(before.fired + 1);
        else expect(made?.ending === null).toBe(before.phase === 'seeking');
      }),
      { numRuns: 500 },
    );
  });
});
