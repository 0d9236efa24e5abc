import {
  DAY_MS,
  type Instant,
  type MirroredOverride,
  type MirrorStretch,
  mirrorDiff,
  mirrorLine,
} from '@watchbill/core';
import {
  clockNow,
  type Database,
  forgetOverrides,
  holdsMirror,
  intendOverride,
  type LeasedMirror,
  type MirrorFound,
  type MirrorOverrideRow,
  mirrorOverrides,
  nameOverride,
  shiftsToMirror,
  type UnknownPerson,
} from '@watchbill/database';
import { type ListedOverride, PagerdutyError, type PagerdutyRest } from './pagerduty-rest.ts';

export interface Reconciling {
  readonly database: Database;
  readonly rest: PagerdutyRest;
  /** Users who were found before, by e-mail address. */
  readonly users: Map<string, string>;
  readonly leaseMs: number;
}

/** What begins sooner than this is left as it is: PagerDuty takes no override that begins in the past. */
export const MIRROR_LEAD_MS = 5_000;
const SECOND_MS = 1_000;
const OVERRIDES_A_REQUEST = 20;

/** Somebody else looks after this mirror now, or it was switched off. */
export class MirrorLostError extends Error {}

/**
 * Looks at the overrides of a schedule of PagerDuty and makes them show who is on call here, by the fewest writes.
 * Overrides of others are left alone. May be cut short anywhere: what was written and not noted is found again.
 */
export async function reconcileMirror(tools: Reconciling, mirror: LeasedMirror): Promise<MirrorFound> {
  const { database, rest } = tools;
  const now = await clockNow(database);
  const from = Math.ceil((now + MIRROR_LEAD_MS) / SECOND_MS) * SECOND_MS;
  const until = now + mirror.horizonDays * DAY_MS;
  const { line, people, unknown } = await wantedLine(tools, mirror, { from: now, until });
  const rows = await mirrorOverrides(database, mirror.id);
  const farthest = Math.max(until, ...line.map(({ end }) => end), ...rows.map(({ end }) => end));
  const listed = await rest.listOverrides(mirror.providerSchedule, now, farthest);
  const { own, foreign, gone } = sortOut(rows, listed, now);
  await keepNames(database, own, rows);
  await forgetOverrides(database, gone);
  const diff = mirrorDiff({ wanted: line, own, foreign, from });
  for (const id of diff.remove) {
    await holdOn(tools, mirror);
    const there = own.find((override) => override.id === id)?.there;
    if (there != null) await rest.deleteOverride(mirror.providerSchedule, there);
    await forgetOverrides(database, [id]);
  }
  for (let first = 0; first < diff.add.length; first += OVERRIDES_A_REQUEST) {
    await addSome(tools, mirror, { people, some: diff.add.slice(first, first + OVERRIDES_A_REQUEST) });
  }
  return {
    ...{ wanted: line.length, kept: own.length - diff.remove.length, unknown },
    ...{ added: diff.add.length, removed: diff.remove.length, foreign: foreign.length },
  };
}

interface Wanted {
  /** By their users, without those whom PagerDuty does not know. */
  readonly line: readonly MirrorStretch[];
  /** Our person of each user. */
  readonly people: ReadonlyMap<string, string>;
  readonly unknown: readonly UnknownPerson[];
}

async function wantedLine(
  { database, rest, users }: Reconciling,
  { schedule, role }: LeasedMirror,
  window: { readonly from: Instant; readonly until: Instant },
): Promise<Wanted> {
  const shifts = await shiftsToMirror(database, { schedule, role, ...window });
  const userOf = new Map<string, string | null>();
  const unknown: UnknownPerson[] = [];
  for (const { person, email } of shifts) {
    if (userOf.has(person)) continue;
    const user = email === null ? null : (users.get(email) ?? (await rest.findUser(email)));
    userOf.set(person, user);
    if (user === null) unknown.push({ person, email, reason: email === null ? 'no_email' : 'not_there' });
    else if (email !== null) users.set(email, user);
  }
  const people = new Map([...userOf].flatMap(([person, user]) => (user === null ? [] : [[user, person]])));
  // Nobody else takes the place of somebody unknown, so the line is made of all of them first.
  const all = mirrorLine(
    shifts.map(({ person, start, end }) => ({ start, end, person: userOf.get(person) ?? `?${person}` })),
  );
  return { line: all.filter(({ person }) => people.has(person)), people, unknown };
}

type Own = MirroredOverride & { readonly there: string | null };

/** Which of the listed overrides are ours, by their ids or, where no id was kept, by being just as we wanted them. */
function sortOut(rows: readonly MirrorOverrideRow[], listed: readonly ListedOverride[], now: Instant) {
  const left = [...listed];
  const take = (test: (one: ListedOverride) => boolean): ListedOverride | null => {
    const at = left.findIndex(test);
    return at < 0 ? null : (left.splice(at, 1)[0] ?? null);
  };
  const own: Own[] = [];
  const gone: string[] = [];
  const named = (row: MirrorOverrideRow) => row.providerOverride !== null;
  // Those with an id first, so that no other one is taken for them.
  for (const row of [...rows.filter(named), ...rows.filter((each) => !named(each))]) {
    const { providerOverride } = row;
    const same = (one: ListedOverride) =>
      one.user === row.providerUser && one.start === row.start && one.end === row.end;
    const found =
      providerOverride === null
        ? take(same)
        : (take(({ id }) => id === providerOverride) ?? take((one) => one.id === null && same(one)));
    if (found !== null) {
      const { user, start, end } = found;
      own.push({ id: row.id, there: found.id ?? providerOverride, person: user, start, end });
    } else if (named(row) || row.end <= now || row.settled) gone.push(row.id);
  }
  return { own, foreign: left, gone };
}

/** Keeps the ids of overrides whose making was cut short before they were noted. */
async function keepNames(
  database: Database,
  own: readonly Own[],
  rows: readonly MirrorOverrideRow[],
): Promise<void> {
  const nameless = new Set(rows.filter((row) => row.providerOverride === null).map(({ id }) => id));
  for (const { id, there } of own) {
    if (nameless.has(id) && there !== null) await nameOverride(database, id, there);
  }
}

async function addSome(
  tools: Reconciling,
  mirror: LeasedMirror,
  { people, some }: { readonly people: ReadonlyMap<string, string>; readonly some: readonly MirrorStretch[] },
): Promise<void> {
  const { database, rest } = tools;
  await holdOn(tools, mirror);
  const ids: string[] = [];
  for (const { person: user, start, end } of some) {
    const person = people.get(user) ?? user;
    ids.push(await intendOverride(database, mirror.id, { providerUser: user, person, start, end }));
  }
  const wanted = some.map(({ person, start, end }) => ({ user: person, start, end }));
  const made = await rest.createOverrides(mirror.providerSchedule, wanted);
  const errors: string[] = [];
  for (const [index, outcome] of made.entries()) {
    const id = ids[index] ?? '';
    if ('id' in outcome) await nameOverride(database, id, outcome.id);
    else {
      errors.push(outcome.error);
      await forgetOverrides(database, [id]);
    }
  }
  const [first] = errors;
  if (first !== undefined) {
    throw new PagerdutyError(`PagerDuty did not make ${errors.length} overrides: ${first}`, null, null);
  }
}

async function holdOn({ database, leaseMs }: Reconciling, mirror: LeasedMirror): Promise<void> {
  if (!(await holdsMirror(database, mirror, leaseMs))) {
    throw new MirrorLostError(`the mirror ${mirror.id} is not ours any more`);
  }
}
