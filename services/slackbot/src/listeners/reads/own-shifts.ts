import type { Instant } from '@watchbill/core';
import { pageShiftsOfPerson, type Queryable, type StoredShiftRow } from '@watchbill/database';
import type { OwnShift } from '../../blocks/me-blocks.ts';

/** Up to `limit` shifts of a person that touch `[from, to)`, by their start, and whether there are more. */
export async function ownShifts(
  queryable: Queryable,
  want: { readonly person: string; readonly from: Instant; readonly to: Instant; readonly limit: number },
): Promise<{ readonly shifts: readonly OwnShift[]; readonly more: boolean }> {
  const { person, from, to, limit } = want;
  const after = { endsAt: from, id: '' };
  const rows = await pageShiftsOfPerson(queryable, { person, from, to, after, limit: limit + 1 });
  const shifts = rows.slice(0, limit).map(ownShift);
  // They are read by their end.
  return { shifts: shifts.sort((a, b) => a.start - b.start || a.end - b.end), more: rows.length > limit };
}

function ownShift({ id, schedule, role, startsAt, endsAt }: StoredShiftRow): OwnShift {
  return { id, schedule, role, start: startsAt, end: endsAt };
}
