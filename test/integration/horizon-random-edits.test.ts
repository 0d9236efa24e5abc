import { cancelOverride, createOverride, extendHorizon } from '@watchbill/commands';
import {
  type Instant,
  type Interval,
  makeSchedule,
  normalise,
  resolveTimeline,
  type Schedule,
  type ScheduleDraft,
} from '@watchbill/core';
import { liveOverrides, revisionsFrom } from '@watchbill/database';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accepted,
  apply,
  HORIZON,
  HOUR_MS,
  openWorld,
  PEOPLE,
  passTime,
  storedEvents,
  storedShifts,
  WEEK_MS,
  type World,
} from './apply-fixture.ts';

const SCHEDULE = 'random';
const START = Date.UTC(2026, 10, 30, 12);
const RUNS = 3;
const EDITS = 24;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

type Random = (below: number) => number;

/** One number of the property's input after another, so that a failure can be repeated by its seed. */
function randomFrom(numbers: readonly number[]): Random {
  let place = 0;
  return (below) => {
    place += 1;
    return (numbers[place % numbers.length] ?? 0) % below;
  };
}

function somebody(random: Random): string {
  return PEOPLE[random(PEOPLE.length)] ?? 'ann';
}

function randomDraft(random: Random): ScheduleDraft {
  const units = ['day', 'week', 'day'] as const;
  const rotations = Array.from({ length: 1 + random(3) }, (_, index) => {
    const roster = Array.from({ length: 1 + random(4) }, () => {
      const kind = random(6);
      if (kind === 0) return 'nobody';
      const first = somebody(random);
      const second = somebody(random);
      return kind === 1 && first !== second ? [first, second] : first;
    });
    return {
      id: `r${random(3)}-${index}`,
      role: random(2) === 0 ? 'primary' : 'secondary',
      layer: random(2),
      hours: random(3) === 0 ? ('core' as const) : ('all' as const),
      strategy: 'in_order' as const,
      roster,
      cadence: { every: 1 + random(2), unit: units[random(3)] ?? ('day' as const) },
      start: `2026-11-30T${String(8 + random(4)).padStart(2, '0')}:00`,
    };
  });
  const overrides = Array.from({ length: random(3) }, (_, index) => {
    const day = 1 + random(28);
    return {
      id: `file-${index}`,
      from: `2026-12-${String(day).padStart(2, '0')}T06:00`,
      to: `2027-01-${String(1 + random(20)).padStart(2, '0')}T06:00`,
      ...(random(2) === 0 ? { person: somebody(random) } : { add: somebody(random) }),
    };
  });
  return {
    id: SCHEDULE,
    timeZone: 'Europe/London',
    roles: ['primary', 'secondary'],
    coreHours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
    coverage: random(2) === 0 ? 'always' : 'core',
    rotations,
    overrides,
  };
}

/** Forward by hours, or exactly to when something is due. */
async function moveOn(random: Random, now: Instant): Promise<Instant> {
  const { rows } = await world.database.pool.query<{ due: Instant | null }>(
    'SELECT next_due_at AS due FROM schedule_cursors WHERE schedule_id = $1',
    [SCHEDULE],
  );
  const due = rows[0]?.due ?? null;
  const next = random(3) === 0 && due !== null && due > now ? due : now + random(60) * HOUR_MS;
  return world.at(next);
}

async function randomEdit(random: Random, now: Instant): Promise<void> {
  switch (random(6)) {
    case 0:
    case 1:
      accepted(await apply(world, [randomDraft(random)]));
      return;
    case 2:
      accepted(await apply(world, [randomDraft(random)], { effectiveAt: now + random(600) * HOUR_MS }));
      return;
    case 3:
      accepted(
        await extendHorizon(world.database, HORIZON).then((value) => ({ ok: true, value, replayed: false })),
      );
      return;
    case 4: {
      const { rows } = await world.database.pool.query<{ id: string }>(
        `SELECT id FROM overrides WHERE schedule_id = $1 AND origin = 'api' AND cancelled_at IS NULL
         AND ends_at > clock_now() ORDER BY sequence LIMIT 1`,
        [SCHEDULE],
      );
      const override = rows[0]?.id;
      if (override === undefined) return;
      accepted(await cancelOverride(world.context, { schedule: SCHEDULE, override }));
      return;
    }
    default: {
      const kind = (['replace', 'add', 'remove'] as const)[random(3)] ?? 'add';
      const start = now + (random(200) - 20) * HOUR_MS;
      accepted(
        await createOverride(world.context, {
          schedule: SCHEDULE,
          role: random(2) === 0 ? 'primary' : 'secondary',
          kind,
          people: [somebody(random)],
          replaces: kind === 'replace' && random(2) === 0 ? somebody(random) : null,
          start,
          end: Math.max(start, now) + (1 + random(100)) * HOUR_MS,
        }),
      );
    }
  }
}

/** The schedule as it is in each stretch of the window, read from what was stored, the plain way. */
async function stretches(window: Interval): Promise<{ schedule: Schedule; start: Instant; end: Instant }[]> {
  const revisions = await revisionsFrom(world.database, [SCHEDULE], window.start);
  const overrides = await liveOverrides(world.database, [SCHEDULE], window.start);
  const cuts = [window.start, window.end, ...revisions.map((row) => row.effectiveAt)]
    .filter((at) => at >= window.start && at <= window.end)
    .sort((a, b) => a - b);
  return cuts.slice(1).flatMap((end, index) => {
    const start = cuts[index] ?? end;
    const row = revisions.filter((revision) => revision.effectiveAt <= start).at(-1);
    if (row === undefined || start === end) return [];
    const made = makeSchedule(row.definition, {
      people: PEOPLE,
      teamMembers: null,
      holidayCalendar: () => null,
    });
    if (!made.ok) throw new Error(JSON.stringify(made.problems));
    return [{ schedule: { ...made.value, overrides }, start, end }];
  });
}

/** `primary ann r0/` → when, without regard to how it is cut into shifts. */
function byWho(
  parts: readonly (Interval & {
    role: string;
    person?: string;
    rotation?: string | null;
    override?: string | null;
  })[],
  window: Interval,
): Record<string, Interval[]> {
  const lists: Record<string, Interval[]> = {};
  for (const { role, person, rotation, override, start, end } of parts) {
    const from = Math.max(start, window.start);
    const to = Math.min(end, window.end);
    if (from >= to) continue;
    const key = [role, person, rotation, override].join(' ');
    lists[key] = [...(lists[key] ?? []), { start: from, end: to }];
  }
  return Object.fromEntries(
    Object.entries(lists)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, list]) => [key, normalise(list)]),
  );
}

async function checkStored(now: Instant): Promise<void> {
  const { rows } = await world.database.pool.query<{ until: Instant; due: Instant | null }>(
    `SELECT horizon_until AS until, next_due_at AS due FROM schedules JOIN schedule_cursors ON schedule_id = id
     WHERE id = $1`,
    [SCHEDULE],
  );
  const window = { start: now, end: rows[0]?.until ?? now };
  const timelines = (await stretches(window)).map(({ schedule, ...span }) => resolveTimeline(schedule, span));
  const active = (await storedShifts(world.database, SCHEDULE)).filter(({ status }) => status === 'active');
  expect(byWho(active, window)).toEqual(
    byWho(
      timelines.flatMap(({ shifts }) => shifts),
      window,
    ),
  );
  const gaps = await world.database.pool.query(
    `SELECT role, starts_at AS start, ends_at AS end FROM gaps WHERE schedule_id = $1 AND closed_at IS NULL`,
    [SCHEDULE],
  );
  expect(byWho(gaps.rows, window)).toEqual(
    byWho(
      timelines.flatMap((timeline) => timeline.gaps),
      window,
    ),
  );
  await checkBoundaries(active, { now, due: rows[0]?.due ?? null });
}

async function checkBoundaries(
  active: Awaited<ReturnType<typeof storedShifts>>,
  { now, due }: { now: Instant; due: Instant | null },
): Promise<void> {
  const { rows } = await world.database.pool.query<{
    kind: string;
    due: Instant;
    shift: string;
    lead: number | null;
  }>(
    `SELECT kind, due_at AS due, shift_id AS shift, (detail->>'leadMinutes')::int AS lead FROM boundaries
     WHERE schedule_id = $1 AND fired_at IS NULL`,
    [SCHEDULE],
  );
  expect(due).toBe(rows.length === 0 ? null : Math.min(...rows.map((row) => row.due)));
  const stored = rows
    .filter((row) => row.due > now && row.kind !== 'handoff.completed')
    .map((row) => `${row.shift} ${row.kind} ${row.due} ${row.lead ?? ''}`);
  const expected = active.flatMap(({ id, start, end }) => [
    { text: `${id} shift.started ${start} `, at: start },
    { text: `${id} shift.ended ${end} `, at: end },
    ...HORIZON.leadMinutes.map((lead) => {
      const at = start - lead * 60_000;
      return { text: `${id} shift.starting_soon ${at} ${lead}`, at };
    }),
  ]);
  const wanted = expected.filter(({ at }) => at > now).map(({ text }) => text);
  expect(stored.sort()).toEqual(wanted.sort());
}

/** What has been: rows that began before `now`, cut at it. Exactly this must never change. */
async function pastOf(now: Instant): Promise<string[]> {
  const shifts = await storedShifts(world.database, SCHEDULE);
  return shifts
    .filter((shift) => shift.start < now)
    .map(({ id, role, seat, person, start, end, status, rotation, override }) =>
      [
        id,
        role,
        seat,
        person,
        start,
        Math.min(end, now),
        status,
        end < now ? `${rotation}${override}` : '',
      ].join(' '),
    )
    .sort();
}

/** Every shift that ran was told once when it started and once when it ended, in due order, and no other was. */
async function checkStream(edited: ReadonlySet<Instant>): Promise<void> {
  const events = (await storedEvents(world.database)).filter(({ schedule }) => schedule === SCHEDULE);
  const timed = events.filter(({ type }) => /^(shift\.(started|ended|starting_soon)|handoff)/.test(type));
  for (const [index, event] of timed.entries()) {
    expect(event.occurredAt).toBeGreaterThanOrEqual(timed[index - 1]?.occurredAt ?? 0);
  }
  const shifts = await storedShifts(world.database, SCHEDULE);
  const ran = shifts.filter(({ status }) => status === 'active');
  const told = (type: string, id: string) =>
    timed
      .filter((event) => event.type === type && event.data.shift.id === id)
      .map((event) => event.occurredAt);
  for (const { id, start, end } of ran) {
    expect(told('shift.started', id)).toEqual([start]);
    expect(told('shift.ended', id)).toEqual([end]);
  }
  const cancelled = shifts.filter(({ status }) => status === 'cancelled');
  // A shift that was cancelled in the instant it began may have been told as started; never as ended.
  for (const { id } of cancelled) expect(told('shift.ended', id)).toEqual([]);
  expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
  const handoffs = timed
    .filter(({ type }) => type === 'handoff.completed')
    .map((event) => ({ at: event.occurredAt, text: handoffText(event.data, event.occurredAt) }));
  const wanted = handoffsOf(ran);
  expect(handoffs.map(({ text }) => text)).toEqual(expect.arrayContaining(wanted));
  // A handoff may have been told before an edit in the very instant changed it. Nothing else is told beyond what was.
  expect(handoffs.filter(({ at, text }) => !wanted.includes(text) && !edited.has(at))).toEqual([]);
}

function handoffText(
  data: { role: string; outgoing: readonly string[]; incoming: readonly string[] },
  at: Instant,
): string {
  return [at, data.role, data.outgoing.join(','), data.incoming.join(',')].join(' ');
}

/** The handoffs among shifts, found by asking at each instant who was on call just before and who is on call at it. */
function handoffsOf(shifts: Awaited<ReturnType<typeof storedShifts>>): string[] {
  const instants = [...new Set(shifts.flatMap(({ start, end }) => [start, end]))];
  return ['primary', 'secondary'].flatMap((role) =>
    instants.flatMap((at) => {
      const own = shifts.filter((shift) => shift.role === role);
      const before = new Set(
        own.filter(({ start, end }) => start < at && end >= at).map(({ person }) => person),
      );
      const after = new Set(
        own.filter(({ start, end }) => start <= at && end > at).map(({ person }) => person),
      );
      const outgoing = [...before].filter((person) => !after.has(person)).sort();
      const incoming = [...after].filter((person) => !before.has(person)).sort();
      return outgoing.length > 0 && incoming.length > 0
        ? [handoffText({ role, outgoing, incoming }, at)]
        : [];
    }),
  );
}

async function forget(): Promise<void> {
  await world.database.pool.query(
    `TRUNCATE events, outbox, boundaries, gaps, shifts, overrides, schedule_revisions, configuration_revisions,
     schedule_cursors, schedules CASCADE`,
  );
}

describe('random edits while time passes', () => {
  it('leave the past as it was and make the stored future what resolveTimeline says', async () => {
    const numbers = fc.noBias(fc.array(fc.nat({ max: 1_000_000 }), { minLength: 200, maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(numbers, async (input) => {
        await forget();
        const random = randomFrom(input);
        let now = await world.at(START);
        const edited = new Set<Instant>();
        accepted(await apply(world, [randomDraft(random)]));
        for (let edit = 0; edit < EDITS; edit += 1) {
          now = await moveOn(random, now);
          if (random(3) > 0) await passTime(world);
          edited.add(now);
          const past = await pastOf(now);
          await randomEdit(random, now);
          expect(await pastOf(now)).toEqual(past);
          await checkStored(now);
        }
        await extendHorizon(world.database, HORIZON);
        const { rows } = await world.database.pool.query<{ until: Instant }>(
          'SELECT horizon_until AS until FROM schedules',
        );
        await world.at((rows[0]?.until ?? now) + 60 * WEEK_MS);
        await passTime(world);
        await checkStream(edited);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 300_000);
});
