import type { PersonId, ScheduleId } from '../schedule/schedule.ts';

/** How bad it is, the worst first. */
export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** How people are told: `high` at once by every way they chose, `low` without waking anybody. */
export type Urgency = 'high' | 'low';

/** `critical` and `error` are urgent. */
export function urgencyOf(severity: Severity): Urgency {
  return severity === 'critical' || severity === 'error' ? 'high' : 'low';
}

export function isMoreSevere(severity: Severity, than: Severity): boolean {
  return SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(than);
}

/** Whom one step notifies. */
export type EscalationTarget =
  | { readonly kind: 'schedule'; readonly schedule: ScheduleId; readonly role: string }
  | { readonly kind: 'person'; readonly person: PersonId }
  | { readonly kind: 'slackChannel'; readonly channel: string }
  | { readonly kind: 'webhook'; readonly url: string };

/** A step counts only in or only outside the core hours of a schedule. */
export interface StepHours {
  readonly kind: 'core' | 'non-core';
  readonly schedule: ScheduleId;
}

export interface EscalationStep {
  readonly targets: readonly EscalationTarget[];
  /** How long to wait for an answer before the next step, in milliseconds of real time. */
  readonly waitMs: number;
  /** Only for pages of these severities; null: for all. */
  readonly severities: readonly Severity[] | null;
  /** null: at any hour. */
  readonly hours: StepHours | null;
  /** One person of the step a time, each after the other, instead of all of them. */
  readonly roundRobin: boolean;
}

/** Ordered steps: whom to notify, and how long to wait. */
export interface EscalationPolicy {
  readonly id: string;
  readonly name: string;
  /** Never empty. */
  readonly steps: readonly EscalationStep[];
  /** How often to start again after the last step. */
  readonly repeat: number;
  /** Who is notified when all passes are over; may be empty. */
  readonly lastResort: readonly EscalationTarget[];
  /** An acknowledged page that is not resolved after this long is triggered again, in ms of real time; null: never. */
  readonly retriggerAfterMs: number | null;
}

/** How long an answer of a person is awaited where no step says it. */
export const DEFAULT_WAIT_MS = 5 * 60_000;

/** Starts with one person, to whom the page was given, and goes on as the policy says. */
export function withAssigned(policy: EscalationPolicy, person: PersonId | null): EscalationPolicy {
  if (person === null) return policy;
  const step: EscalationStep = {
    targets: [{ kind: 'person', person }],
    waitMs: DEFAULT_WAIT_MS,
    severities: null,
    hours: null,
    roundRobin: false,
  };
  return { ...policy, steps: [step, ...policy.steps] };
}

/**
 * The policy of a schedule that has none of its own: its first role, then each further role, five minutes each, twice,
 * and the managers of its team as the last resort.
 */
export function defaultPolicy(
  schedule: ScheduleId,
  of: { readonly roles: readonly string[]; readonly managers: readonly PersonId[] },
): EscalationPolicy {
  const roles = of.roles.length === 0 ? ['primary'] : of.roles;
  return {
    id: schedule,
    name: schedule,
    steps: roles.map((role) => ({
      targets: [{ kind: 'schedule', schedule, role }],
      waitMs: DEFAULT_WAIT_MS,
      severities: null,
      hours: null,
      roundRobin: false,
    })),
    repeat: 1,
    lastResort: of.managers.map((person) => ({ kind: 'person', person })),
    retriggerAfterMs: null,
  };
}

/** All schedules that a policy asks: who is on call in them, or whether it is their core hours. */
export function schedulesOf(policy: EscalationPolicy): ScheduleId[] {
  const targets = [...policy.steps.flatMap((step) => step.targets), ...policy.lastResort];
  const named = targets.flatMap((target) => (target.kind === 'schedule' ? [target.schedule] : []));
  const hours = policy.steps.flatMap((step) => (step.hours === null ? [] : [step.hours.schedule]));
  return [...new Set([...named, ...hours])];
}
