import type { DayName, OnCallJson, ShiftJson, TimelineJson, WhoJson } from '@watchbill/core';

/** The answers of the API, as its OpenAPI document describes them. */
export type OnCallSeat = OnCallJson;
export type TimelineShift = ShiftJson;
export type Timeline = TimelineJson;

export interface OnCallPage extends WhoJson {
  readonly nextCursor?: string | null;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface ScheduleSummary {
  readonly id: string;
  readonly team: string | null;
  readonly timeZone: string;
  readonly revision: number;
  readonly horizonUntil: string | null;
  readonly retiredAt: string | null;
}

export interface Schedule extends ScheduleSummary {
  readonly effectiveAt: string;
  /** As in watchbill.yaml, as JSON. */
  readonly definition: ScheduleDefinition;
}

export interface ScheduleDefinition {
  readonly id: string;
  readonly name?: string;
  readonly timeZone?: string;
  readonly roles?: readonly string[];
  readonly rotations?: readonly RotationDefinition[];
  readonly [key: string]: unknown;
}

export interface RotationDefinition {
  readonly id: string;
  readonly role?: string;
  readonly layer?: number;
  readonly strategy?: string;
  readonly [key: string]: unknown;
}

export interface Gap {
  readonly id: string;
  readonly schedule: string;
  readonly role: string;
  readonly start: string;
  readonly end: string;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly timeZone: string;
  readonly workingHours: {
    readonly days: readonly DayName[];
    readonly from: string;
    readonly to: string;
  };
  /** When they sleep, by their own clock. */
  readonly sleep: { readonly from: string; readonly to: string };
  /** Whose public holidays count. */
  readonly holidays: string | null;
}
