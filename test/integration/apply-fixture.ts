import {
  type AppliedConfiguration,
  type ApplyInput,
  applyBoundaries,
  applyConfiguration,
  type CommandContext,
  type CommandResult,
  type ConfigurationDraft,
  fireBoundaries,
} from '@watchbill/commands';
import { type HolidayCalendar, type Instant, parseInstant, type ScheduleDraft } from '@watchbill/core';
import { type Database, openDatabase, setClock } from '@watchbill/database';
import { createTestDatabase } from '../support/test-database.ts';

/** So slow that the clock stands still for a test. */
const STANDING_FACTOR = 1e-9;
export const WEEK_MS = 7 * 86_400_000;
export const HOUR_MS = 3_600_000;
/** Eight weeks keep the tests quick and still hold a few turns of everybody. */
export const HORIZON = { horizonMs: 8 * WEEK_MS, leadMinutes: [1440, 15] };
export const PEOPLE = ['ann', 'ben', 'cleo', 'dev', 'eve'];

export interface World {
  readonly database: Database;
  readonly context: CommandContext;
  /** Lets the clock stand at an instant. */
  at(text: string | Instant): Promise<Instant>;
  close(): Promise<void>;
}

export async function openWorld(start = '2026-11-30T12:00:00Z'): Promise<World> {
  const own = await createTestDatabase();
  const database = openDatabase({ connectionString: own.connectionString, max: 8 });
  const at = async (text: string | Instant) => {
    const instant = typeof text === 'number' ? text : instantOf(text);
    await setClock(database, { factor: STANDING_FACTOR, start: instant });
    return instant;
  };
  await at(start);
  return {
    database,
    context: { database, actor: 'tester', horizon: HORIZON },
    at,
    close: async () => {
      await database.close();
      await own.drop();
    },
  };
}

export function instantOf(text: string): Instant {
  const instant = parseInstant(text);
  if (instant === null) throw new Error(`"${text}" is no instant`);
  return instant;
}

/** Weekly turns of the first three, from Monday 09:00 in London. */
export function weekly(id: string, changes: Partial<ScheduleDraft> = {}): ScheduleDraft {
  return {
    id,
    timeZone: 'Europe/London',
    rotations: [
      {
        id: 'week',
        strategy: 'in_order',
        roster: ['ann', 'ben', 'cleo'],
        cadence: { every: 1, unit: 'week' },
        start: '2026-11-30T09:00',
      },
    ],
    ...changes,
  };
}

export function configurationOf(
  schedules: readonly ScheduleDraft[],
  extra: { readonly people?: readonly string[]; readonly holidays?: readonly HolidayCalendar[] } = {},
): ConfigurationDraft {
  return {
    people: (extra.people ?? PEOPLE).map((id) => ({
      id,
      name: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
      email: null,
      timeZone: 'Europe/London',
      definition: { id, name: id, timeZone: 'Europe/London' },
    })),
    teams: [],
    schedules: schedules.map((definition) => ({
      id: definition.id,
      team: null,
      timeZone: definition.timeZone,
      definition,
      holidays: extra.holidays ?? [],
    })),
  };
}

export function apply(
  world: World,
  schedules: readonly ScheduleDraft[],
  input: Partial<ApplyInput> = {},
): Promise<CommandResult<AppliedConfiguration>> {
  const configuration = configurationOf(schedules);
  return applyConfiguration(world.context, { configuration, source: 'test', dryRun: false, ...input });
}

/** The value of a command that must not refuse. */
export function accepted<T>(result: CommandResult<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The refusal of a command that must refuse. */
export function refusalOf(result: CommandResult<unknown>): { code: string; reason: string; message: string } {
  if (result.ok) throw new Error(`not refused: ${JSON.stringify(result.value)}`);
  return result.error;
}

/** Fires and applies everything that is due. */
export async function passTime(world: World): Promise<void> {
  while ((await fireBoundaries(world.database, { wakeAgainMs: 30_000 })).schedules > 0);
  const ids = await world.database.pool.query<{ id: string }>('SELECT id FROM schedules');
  await applyBoundaries(
    world.database,
    ids.rows.map((row) => row.id),
  );
}

export interface ShiftFact {
  readonly id: string;
  readonly role: string;
  readonly seat: string;
  readonly person: string;
  readonly rotation: string | null;
  readonly override: string | null;
  readonly start: Instant;
  readonly end: Instant;
  readonly status: string;
}

export async function storedShifts(database: Database, schedule: string): Promise<ShiftFact[]> {
  const { rows } = await database.pool.query<ShiftFact>(
    `SELECT id, role, seat, person, rotation, override, starts_at AS start, ends_at AS end, status
     FROM shifts WHERE schedule_id = $1 ORDER BY starts_at, role, person, seat, ends_at`,
    [schedule],
  );
  return rows;
}

/** `ann 30T12-07T09`: person, day and hour of start and end. */
export function brief(shifts: readonly ShiftFact[]): string[] {
  const short = (at: Instant) => new Date(at).toISOString().slice(8, 13);
  return shifts
    .filter((shift) => shift.status === 'active')
    .map(({ person, start, end }) => `${person} ${short(start)}-${short(end)}`);
}

export interface EventFact {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly schedule: string | null;
  readonly occurredAt: Instant;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into the facts of any type of event
  readonly data: any;
}

export async function storedEvents(database: Database, type?: string): Promise<EventFact[]> {
  const { rows } = await database.pool.query<EventFact>(
    `SELECT id, key, type, schedule_id AS schedule, occurred_at AS "occurredAt", data FROM events
     WHERE $1::text IS NULL OR type LIKE $1 ORDER BY sequence`,
    [type ?? null],
  );
  return rows;
}

/** Every row of the tables that commands write, to see whether anything was written. */
export async function everything(database: Database): Promise<string> {
  const tables = [
    'people',
    'teams',
    'configuration_revisions',
    'schedules',
    'schedule_revisions',
    'overrides',
  ];
  tables.push('shifts', 'gaps', 'boundaries', 'schedule_cursors', 'events', 'outbox', 'idempotency_keys');
  const parts: string[] = [];
  for (const table of tables) {
    const { rows } = await database.pool.query(
      `SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY to_jsonb(t)::text`,
    );
    parts.push(`${table} ${JSON.stringify(rows)}`);
  }
  return parts.join('\n');
}
