import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';

/** What a person wants to hear by direct message. */
export interface SlackPreferences {
  /** How many minutes before a shift; null: as the settings say, `[]`: not at all. */
  readonly reminderMinutes: readonly number[] | null;
  /** Whether to say when a future shift of theirs moves. */
  readonly shiftChanges: boolean;
}

const READ = statement(
  'slack-preferences.read',
  `SELECT person, reminder_minutes AS "reminderMinutes", shift_changes AS "shiftChanges"
   FROM slack_preferences WHERE person = ANY($1::text[])`,
);
const SAVE = statement(
  'slack-preferences.save',
  `INSERT INTO slack_preferences (person, reminder_minutes, shift_changes) VALUES ($1, $2::integer[], $3)
   ON CONFLICT (person) DO UPDATE SET reminder_minutes = excluded.reminder_minutes,
     shift_changes = excluded.shift_changes`,
);

export const DEFAULT_SLACK_PREFERENCES: SlackPreferences = { reminderMinutes: null, shiftChanges: true };

/** What people chose, by person; those who chose nothing are left out. */
export async function readSlackPreferences(
  queryable: Queryable,
  people: readonly string[],
): Promise<Map<string, SlackPreferences>> {
  const rows = await queryable.query<SlackPreferences & { person: string }>(READ, [people]);
  return new Map(rows.map(({ person, ...chosen }) => [person, chosen]));
}

/** What one person chose, or the default. */
export async function findSlackPreferences(queryable: Queryable, person: string): Promise<SlackPreferences> {
  return (await readSlackPreferences(queryable, [person])).get(person) ?? DEFAULT_SLACK_PREFERENCES;
}

export async function saveSlackPreferences(
  queryable: Queryable,
  person: string,
  chosen: SlackPreferences,
): Promise<void> {
  await queryable.query(SAVE, [person, chosen.reminderMinutes, chosen.shiftChanges]);
}
