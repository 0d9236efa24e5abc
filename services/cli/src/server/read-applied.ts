import type { ShiftLoad } from '@watchbill/core';

/** A server's answer to a configuration, as far as it is shown to people. */
export interface Applied {
  readonly unchanged: boolean;
  readonly revision: number | null;
  readonly schedules: readonly AppliedSchedule[];
  readonly people: readonly { readonly person: string; readonly change: ShiftLoad }[];
}

export interface AppliedSchedule {
  readonly id: string;
  readonly changed: boolean;
  readonly shifts: { readonly scheduled: number; readonly changed: number; readonly cancelled: number };
}

/** Reads the answer; null when it is not what a Watchbill server says. Fields that are not known are passed over. */
export function readApplied(body: unknown): Applied | null {
  const answer = asRecord(body);
  if (answer === null || typeof answer.unchanged !== 'boolean' || !Array.isArray(answer.schedules))
    return null;
  const schedules = answer.schedules.map(asRecord).filter((one) => one !== null);
  const people = (Array.isArray(answer.changesByPerson) ? answer.changesByPerson : [])
    .map(asRecord)
    .filter((one) => one !== null);
  return {
    unchanged: answer.unchanged,
    revision: typeof answer.revision === 'number' ? answer.revision : null,
    schedules: schedules.map((schedule) => {
      const shifts = asRecord(schedule.shifts) ?? {};
      return {
        id: String(schedule.id),
        changed: schedule.changed === true,
        shifts: {
          scheduled: numberOf(shifts.scheduled),
          changed: numberOf(shifts.changed),
          cancelled: numberOf(shifts.cancelled),
        },
      };
    }),
    people: people.map((entry) => ({
      person: String(entry.person),
      change: loadOf(asRecord(entry.change) ?? {}),
    })),
  };
}

function loadOf(change: Readonly<Record<string, unknown>>): ShiftLoad {
  return {
    shifts: numberOf(change.shifts),
    nights: numberOf(change.nights),
    weekendShifts: numberOf(change.weekendShifts),
    hours: numberOf(change.hours),
  };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** A JSON object, or null for anything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
