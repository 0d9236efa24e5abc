import {
  acceptCounter,
  acceptSwap,
  approveSwap,
  type CommandResult,
  cancelSwap,
  closeLedgers,
  counterSwap,
  createOverride,
  declineSwap,
  enterAbsence,
  expireSwaps,
  requestSwap,
  takeBackShift,
  takeShift,
} from '@watchbill/commands';
import {
  type Instant,
  normalise,
  type ScheduleDraft,
  type Swap,
  type SwapStretch,
  totalMs,
} from '@watchbill/core';
import { pageSwaps } from '@watchbill/database';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HOUR_MS,
  openWorld,
  passTime,
  type ShiftFact,
  storedEvents,
  WEEK_MS,
  type World,
} from './apply-fixture.ts';
import { fairly, planAll, TOOLS } from './plan-fixture.ts';
import { applyTeam } from './swap-fixture.ts';

const START = Date.UTC(2026, 10, 30, 12);
const RUNS = 2;
const STEPS = 40;
const EVERYBODY = ['ann', 'ben', 'cleo', 'dev', 'eve', 'fay', 'gil', 'hal', 'ian', 'joe'];
const PLACES = [
  { schedule: 'duty', role: 'primary' },
  { schedule: 'pair', role: 'primary' },
  { schedule: 'pair', role: 'secondary' },
] as const;

type Random = (below: number) => number;

/** One number of the property's input after another, so that a failure can be repeated by its seed. */
function randomFrom(numbers: readonly number[]): Random {
  let place = 0;
  return (below) => {
    place += 1;
    return (numbers[place % numbers.length] ?? 0) % below;
  };
}

/** Fair days and nights of five; two seats by the day and one second by the week, of the other five. */
function schedules(): ScheduleDraft[] {
  const daily = (id: string, roster: string[], role = 'primary') => ({
    id,
    role,
    strategy: 'in_order' as const,
    roster,
    cadence: { every: 1, unit: 'day' as const },
    start: '2026-11-30T09:00',
  });
  return [
    fairly('duty', {}),
    {
      id: 'pair',
      timeZone: 'America/New_York',
      roles: ['primary', 'secondary'],
      rotations: [
        daily('left', ['fay', 'gil']),
        daily('right', ['hal', 'ian']),
        daily('second', ['joe'], 'secondary'),
      ],
    },
  ];
}

interface Step {
  readonly world: World;
  readonly random: Random;
  readonly now: Instant;
}

const somebody = (random: Random): string => EVERYBODY[random(EVERYBODY.length)] ?? 'ann';

async function ahead({ world, now }: Step): Promise<(ShiftFact & { schedule: string })[]> {
  const { rows } = await world.database.pool.query(
    `SELECT schedule_id AS schedule, id, role, seat, person, rotation, override, starts_at AS start, ends_at AS end
     FROM shifts WHERE status = 'active' AND ends_at > $1 ORDER BY starts_at, id`,
    [new Date(now).toISOString()],
  );
  return rows;
}

/** A shift of the next days, or a part of it on the hour. */
async function part(step: Step, person?: string): Promise<SwapStretch | null> {
  const soon = (await ahead(step)).filter(
    (shift) => shift.start < step.now + WEEK_MS / 2 && (person === undefined || shift.person === person),
  );
  const shift = soon[step.random(Math.max(soon.length, 1))];
  if (shift === undefined) return null;
  const { schedule, role } = shift;
  const start = Math.max(shift.start, step.now);
  if (step.random(2) === 0) return { schedule, role, person: shift.person, start, end: shift.end };
  const from = Math.min(start + step.random(8) * HOUR_MS, shift.end - 1);
  return { schedule, role, person: shift.person, start: from, end: Math.min(shift.end, from + HOUR_MS * 3) };
}

async function waiting({ world, random }: Step): Promise<Swap | undefined> {
  const states = ['open', 'accepted'] as const;
  const swaps = await pageSwaps(world.database, { states, after: '', limit: 200 });
  return swaps[random(Math.max(swaps.length, 1))];
}

type Outcome = CommandResult<unknown> | null;

/** One shift or a part of it, or parts of several shifts of one person, on whatever schedules they stand. */
async function severalParts(step: Step): Promise<SwapStretch[]> {
  const first = await part(step);
  if (first === null) return [];
  const parts = [first];
  for (let more = step.random(4); more > 1; more -= 1) {
    const next = await part(step, first.person);
    const apart = parts.every(({ start, end }) => next !== null && (next.end <= start || next.start >= end));
    if (next !== null && apart) parts.push(next);
  }
  return parts;
}

async function request(step: Step): Promise<Outcome> {
  const { world, random } = step;
  const gives = await severalParts(step);
  const [give] = gives;
  if (give === undefined) return null;
  const back = random(3) === 0 ? await part(step) : null;
  const takes = back !== null && back.person !== give.person ? [back] : [];
  const kind = takes.length > 0 || random(6) === 0 ? 'exchange' : 'cover';
  const one = { kind: 'person', person: takes[0]?.person ?? somebody(random) } as const;
  const to = takes.length > 0 ? one : ([one, { kind: 'eligible' }, { kind: 'team' }] as const)[random(3)];
  return requestSwap(world.context, { kind, person: give.person, gives, takes, to: to ?? one });
}

/** Somebody who was asked, or anybody. */
function answerer({ random }: Step, swap: Swap): string {
  return random(8) === 0 ? somebody(random) : (swap.asked[random(swap.asked.length)] ?? 'ann');
}

async function answer(step: Step): Promise<Outcome> {
  const { world, random } = step;
  const { context } = world;
  const swap = await waiting(step);
  if (swap === undefined) return null;
  const by = { swap: swap.id, person: answerer(step, swap) };
  const offer = swap.offers[0];
  if (swap.state === 'accepted' && random(4) > 0) return approveSwap(context, { swap: swap.id });
  if (offer !== undefined && random(3) > 0) {
    return acceptCounter(context, {
      swap: swap.id,
      person: offer.person,
      rest: random(2) === 0 ? 'ask' : 'keep',
    });
  }
  switch (random(12)) {
    case 0:
      return declineSwap(context, by);
    case 1:
      return cancelSwap(context, { swap: swap.id });
    case 2:
    case 3: {
      const [first] = swap.gives;
      const takes = swap.kind === 'exchange' ? [await part(step, by.person)].flatMap((one) => one ?? []) : [];
      if (first === undefined) return null;
      return counterSwap(context, { ...by, gives: [{ ...first, end: first.end - HOUR_MS }], takes });
    }
    case 4:
      return approveSwap(context, { swap: swap.id });
    default:
      return acceptSwap(context, by);
  }
}

async function seize(step: Step): Promise<Outcome> {
  const { world, random, now } = step;
  const running = (await ahead(step)).filter(({ start }) => start <= now);
  const shift = running[random(Math.max(running.length, 1))];
  const place = PLACES[random(PLACES.length)] ?? PLACES[0];
  if (random(3) === 0) return takeBackShift(world.context, { ...place, person: somebody(random) });
  if (shift === undefined) return null;
  const until = random(2) === 0 ? { until: now + (1 + random(30)) * HOUR_MS } : {};
  const take = { schedule: shift.schedule, role: shift.role, from: shift.person, person: somebody(random) };
  return takeShift(world.context, { ...take, ...until });
}

/** A manager puts somebody who is free in the place of somebody. */
async function override(step: Step): Promise<Outcome> {
  const give = await part(step);
  if (give === null) return null;
  const busy = new Set(
    (await ahead(step))
      .filter(({ start, end }) => start < give.end && end > give.start)
      .map(({ person }) => person),
  );
  const free = EVERYBODY.filter((person) => !busy.has(person));
  const person = free[step.random(Math.max(free.length, 1))];
  if (person === undefined) return null;
  const { schedule, role, start, end } = give;
  const change = {
    schedule,
    role,
    kind: 'replace',
    replaces: give.person,
    people: [person],
    start,
    end,
  } as const;
  const before = await covered(step);
  const made = await createOverride(step.world.context, change);
  // An override of a manager may take back what a swap gave away; only swaps promise to conserve.
  return (await covered(step)) === before ? made : null;
}

/** Time on call from now on, for each role of each schedule. */
async function covered(step: Step): Promise<string> {
  const shifts = (await ahead(step)).filter(({ start }) => start < step.now + 4 * WEEK_MS);
  return PLACES.map(({ schedule, role }) => {
    const own = shifts.filter((shift) => shift.schedule === schedule && shift.role === role);
    const clipped = own.map(({ start, end }) => ({
      start: Math.max(start, step.now),
      end: Math.min(end, step.now + 4 * WEEK_MS),
    }));
    return `${schedule} ${role} ${totalMs(clipped)} ${totalMs(normalise(clipped))}`;
  }).join('; ');
}

/** Nobody is on call in two places at one time. */
async function doubleBooked(step: Step): Promise<string[]> {
  const { rows } = await step.world.database.pool.query<{ twice: string }>(
    `SELECT DISTINCT a.person || ' ' || a.schedule_id || ' ' || b.schedule_id || ' ' || a.starts_at AS twice
     FROM shifts a JOIN shifts b ON a.person = b.person AND a.id < b.id
       AND tstzrange(a.starts_at, a.ends_at) && tstzrange(b.starts_at, b.ends_at)
     WHERE a.status = 'active' AND b.status = 'active' AND a.ends_at > $1 AND b.ends_at > $1`,
    [new Date(step.now).toISOString()],
  );
  return rows.map(({ twice }) => twice);
}

async function swapStep(step: Step): Promise<Outcome> {
  const kind = step.random(10);
  if (kind < 4) return request(step);
  if (kind < 8) return (await answer(step)) ?? request(step);
  return kind < 9 ? seize(step) : override(step);
}

async function moveOn(step: Step): Promise<Instant> {
  const { world, random } = step;
  const now = await world.at(step.now + random(40) * HOUR_MS);
  await passTime(world);
  await expireSwaps(world.context);
  if (random(6) === 0) {
    const start = now + random(100) * HOUR_MS;
    await enterAbsence(world.context, { person: somebody(random), start, end: start + 30 * HOUR_MS });
  }
  if (random(3) === 0) await planAll(world);
  return now;
}

async function expectZeroSum({ world }: Step): Promise<number> {
  const { rows } = await world.database.pool.query<{ balance: number }>(
    'SELECT balance FROM ledger_accounts',
  );
  expect(Math.abs(rows.reduce((sum, { balance }) => sum + balance, 0))).toBeLessThan(1e-6);
  return rows.length;
}

/** Each swap ended as its state says, and once. */
async function expectEndsTold({ world }: Step): Promise<void> {
  const swaps = await pageSwaps(world.database, { after: '', limit: 1000 });
  const events = await storedEvents(world.database, 'swap.%');
  const ends = /^swap\.(applied|cancelled|expired|declined)$/;
  for (const swap of swaps) {
    const told = events.filter(({ type, data }) => data.swap.id === swap.id && ends.test(type));
    const last = told.filter(({ data }) => data.swap.state === swap.state);
    const over = swap.state !== 'open' && swap.state !== 'accepted';
    expect([swap.id, swap.state, last.length]).toEqual([swap.id, swap.state, over ? 1 : told.length]);
  }
}

describe('any sequence of requests, answers, takes and overrides', () => {
  it('books nobody twice, conserves covered hours, and lets the ledger sum to zero', async () => {
    let applied = 0;
    let accounts = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(), { minLength: 200, maxLength: 200 }),
        fc.constantFrom('free' as const, 'free' as const, 'approval' as const),
        async (numbers, swaps) => {
          const world = await openWorld(new Date(START).toISOString());
          try {
            const random = randomFrom(numbers);
            const people = EVERYBODY.map((id) => ({ id }));
            await applyTeam(world, schedules(), { people, members: EVERYBODY, swaps });
            await planAll(world);
            let now = START;
            for (let count = 0; count < STEPS; count += 1) {
              const step = { world, random, now };
              const before = await covered(step);
              const twice = await doubleBooked(step);
              const outcome = await swapStep(step);
              if (outcome !== null) expect(await covered(step)).toBe(before);
              const more = (await doubleBooked(step)).filter((one) => !twice.includes(one));
              if (outcome?.ok) expect(more).toEqual([]);
              if (random(5) === 0) now = await moveOn({ world, random, now });
            }
            const last = { world, random, now: await world.at(now + 5 * WEEK_MS) };
            await moveOn(last);
            await closeLedgers(world.database, TOOLS);
            accounts += await expectZeroSum(last);
            await expectEndsTold(last);
            const all = await pageSwaps(world.database, { states: ['applied'], after: '', limit: 1000 });
            applied += all.length;
          } finally {
            await world.close();
          }
        },
      ),
      // Each run takes seconds: a failure is shown as it is, by its seed.
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(applied).toBeGreaterThan(RUNS);
    expect(accounts).toBeGreaterThan(0);
  }, 240_000);
});
