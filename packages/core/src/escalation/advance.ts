import type { PersonId, ScheduleId } from '../schedule/schedule.ts';
import type { Instant } from '../time/interval.ts';
import { dueAt, type PagePlace, type ToldPerson, triggerAgain } from './page.ts';
import { type EscalationPolicy, type EscalationStep, type EscalationTarget, withAssigned } from './policy.ts';

/** How often somebody is looked for while nobody at all can be told. */
export const SEEK_EVERY_MS = 5 * 60_000;
/** People whom one step tells at most. */
export const TOLD_PER_STEP = 50;

/** What is true at the instant of the decision. */
export interface Situation {
  /** Everybody on call in a role; empty where nobody is, or where there is no such role. */
  readonly onCall: (schedule: ScheduleId, role: string) => readonly PersonId[];
  /** Whether a person has any way to be told. */
  readonly reachable: (person: PersonId) => boolean;
  /** Whether it is within the core hours of a schedule; null for one without core hours: its steps then always count. */
  readonly inCoreHours: (schedule: ScheduleId) => boolean | null;
  /** Whom a round robin step of the policy told last, over all pages. */
  readonly lastTold: (step: number) => PersonId | null;
}

export type SkipReason = 'severity' | 'hours' | 'nobody' | 'no_way';

/** A step that was passed over: -1 is the person to whom the page was given, null the last resort. */
export interface SkippedStep {
  readonly pass: number;
  readonly step: number | null;
  readonly reason: SkipReason;
}

/** What is told beside people. */
export type ChannelTarget = Extract<EscalationTarget, { kind: 'slackChannel' | 'webhook' }>;

export interface FiredStep {
  /** Counts the steps of the page that fired, from 1. */
  readonly number: number;
  readonly round: number;
  readonly pass: number;
  readonly kind: 'step' | 'assigned' | 'last_resort';
  /** Its place in the policy, from 0; 0 for what has no place there. */
  readonly step: number;
  readonly roundRobin: boolean;
  readonly told: readonly ToldPerson[];
  /** They were to be told and have no way. */
  readonly noWay: readonly ToldPerson[];
  readonly targets: readonly ChannelTarget[];
  /** How long after it was due, in ms. */
  readonly lateMs: number;
}

/** What time brings about. */
export interface Advance {
  readonly place: PagePlace;
  /** It was acknowledged, and calls again. */
  readonly retriggered: 'unresolved' | 'snooze_ended' | null;
  /** One step at most: after downtime too, the next one waits its time from now on. */
  readonly fired: FiredStep | null;
  /** What was passed over before it, or before nothing could fire. */
  readonly skipped: readonly SkippedStep[];
  /** `unreachable`: no person was told in the whole round. `exhausted`: people were, and nobody is left to tell. */
  readonly ending: 'unreachable' | 'exhausted' | null;
}

/** A page as far as its escalation goes. */
export interface EscalatingPage {
  readonly place: PagePlace;
  readonly policy: EscalationPolicy;
  /** The person to whom it was given, before all steps of the policy. */
  readonly assignedTo: PersonId | null;
}

/**
 * What is due for a page at `now`, or null when nothing is. Deciding again from the same place gives the same, so
 * whoever stores the new place only if the old one still stands fires each step once.
 * Example: step 0 fired at 09:00 and waits five minutes. At 09:05, step 1 fires; after an outage until 11:00 it fires
 * at 11:00, and step 2 its wait after that.
 */
export function advance(page: EscalatingPage, now: Instant, situation: Situation): Advance | null {
  const due = dueAt(page.place);
  if (due === null || now < due) return null;
  const again = page.place.state === 'acknowledged';
  const reason = page.place.snoozedUntil === null ? 'unresolved' : 'snooze_ended';
  const place = again ? triggerAgain(page.place, now) : page.place;
  const policy = withAssigned(page.policy, page.assignedTo);
  const moment = { place, policy, assigned: page.assignedTo !== null, now, lateMs: now - due, situation };
  const advanced = place.phase === 'seeking' ? seek(moment) : walk(moment);
  return { retriggered: again ? reason : null, ...advanced };
}

interface Moment {
  readonly place: PagePlace;
  /** With the person to whom the page was given in front. */
  readonly policy: EscalationPolicy;
  readonly assigned: boolean;
  readonly now: Instant;
  readonly lateMs: number;
  readonly situation: Situation;
}

type Advanced = Omit<Advance, 'retriggered'>;

/** The next step that can tell somebody, else the last resort, else the end. */
function walk(moment: Moment): Advanced {
  const { place, policy } = moment;
  const skipped: SkippedStep[] = [];
  let { pass, step } = place;
  // At one instant all passes are alike: when each step was passed over once, no further pass would tell anybody.
  for (let looked = 0; looked < policy.steps.length; ) {
    const planned = policy.steps[step];
    if (planned === undefined) {
      if (pass >= policy.repeat) break;
      pass += 1;
      step = 0;
      continue;
    }
    const call = callOf(moment, planned, indexOf(moment, step));
    if (typeof call === 'object') return fire(moment, { call, pass, step, skipped });
    skipped.push({ pass, step: indexOf(moment, step), reason: call });
    looked += 1;
    step += 1;
  }
  return lastResort(moment, pass, skipped);
}

function lastResort(moment: Moment, pass: number, skipped: readonly SkippedStep[]): Advanced {
  const { policy } = moment;
  if (policy.lastResort.length === 0) return end(moment, skipped);
  const call = callOf(moment, lastStep(policy), null);
  if (typeof call === 'object') {
    return fire(moment, { call, pass, step: policy.steps.length, skipped });
  }
  return end(moment, [...skipped, { pass, step: null, reason: call }]);
}

function end({ place, policy, now }: Moment, skipped: readonly SkippedStep[]): Advanced {
  if (place.reached) {
    return { place: { ...place, phase: 'ended', stepAt: null }, fired: null, skipped, ending: 'exhausted' };
  }
  return { place: unreached(place, policy, now), fired: null, skipped, ending: 'unreachable' };
}

/** Looks for somebody later, if the policy names any people at all. */
function unreached(place: PagePlace, policy: EscalationPolicy, now: Instant): PagePlace {
  const hopeful = [...policy.steps, lastStep(policy)].some(
    (step) => forSeverity(step, place) && step.targets.some(isOfPeople),
  );
  return hopeful
    ? { ...place, phase: 'seeking', stepAt: now + SEEK_EVERY_MS }
    : { ...place, phase: 'ended', stepAt: null };
}

/** The first step, of all of them, that can tell a person by now. */
function seek(moment: Moment): Advanced {
  const { place, policy, now } = moment;
  const skipped: SkippedStep[] = [];
  const steps = policy.lastResort.length === 0 ? policy.steps : [...policy.steps, lastStep(policy)];
  for (const [step, planned] of steps.entries()) {
    const index = step < policy.steps.length ? indexOf(moment, step) : null;
    const call = callOf(moment, planned, index);
    if (typeof call === 'object' && call.told.length > 0) {
      return fire(moment, { call, pass: 0, step, skipped });
    }
    skipped.push({ pass: 0, step: index, reason: typeof call === 'object' ? 'nobody' : call });
  }
  return { place: { ...place, stepAt: now + SEEK_EVERY_MS }, fired: null, skipped, ending: null };
}

interface Firing {
  readonly call: StepCall;
  readonly pass: number;
  /** In the policy with the assigned person; its length for the last resort. */
  readonly step: number;
  readonly skipped: readonly SkippedStep[];
}

function fire(moment: Moment, { call, pass, step, skipped }: Firing): Advanced {
  const { place, policy, assigned, now, lateMs } = moment;
  const planned = policy.steps[step];
  const index = indexOf(moment, step);
  const reached = place.reached || call.told.length > 0;
  const number = place.fired + 1;
  const kind = planned === undefined ? 'last_resort' : assigned && step === 0 ? 'assigned' : 'step';
  const fired: FiredStep = {
    ...{ number, round: place.round, pass, kind, step: kind === 'step' ? index : 0, lateMs },
    ...{ roundRobin: planned?.roundRobin ?? false, ...call },
  };
  const moved = { ...place, pass, reached, fired: number };
  if (planned !== undefined) {
    const next: PagePlace = { ...moved, phase: 'stepping', step: step + 1, stepAt: now + planned.waitMs };
    return { place: next, fired, skipped, ending: null };
  }
  if (!reached) return { place: unreached(moved, policy, now), fired, skipped, ending: 'unreachable' };
  return { place: { ...moved, phase: 'ended', step, stepAt: null }, fired, skipped, ending: null };
}

/** The place of a step in the policy as it was written: -1 for the assigned person. */
function indexOf({ assigned }: Moment, step: number): number {
  return assigned ? step - 1 : step;
}

function lastStep(policy: EscalationPolicy): EscalationStep {
  return { targets: policy.lastResort, waitMs: 0, severities: null, hours: null, roundRobin: false };
}

function forSeverity(step: EscalationStep, place: PagePlace): boolean {
  return step.severities === null || step.severities.includes(place.severity);
}

function isOfPeople(target: EscalationTarget): boolean {
  return target.kind === 'schedule' || target.kind === 'person';
}

interface StepCall {
  readonly told: readonly ToldPerson[];
  readonly noWay: readonly ToldPerson[];
  readonly targets: readonly ChannelTarget[];
}

/** Whom a step tells right now, or why it is passed over. `index` is its place in the policy as it was written. */
function callOf(
  { place, situation }: Moment,
  step: EscalationStep,
  index: number | null,
): StepCall | SkipReason {
  if (!forSeverity(step, place)) return 'severity';
  if (!inItsHours(step, situation)) return 'hours';
  const people = peopleOf(step, situation);
  const reachable = people.filter(({ person }) => situation.reachable(person));
  const told = step.roundRobin ? nextInTurn(people, reachable, situation.lastTold(index ?? 0)) : reachable;
  const noWay = step.roundRobin ? [] : people.filter(({ person }) => !situation.reachable(person));
  const targets = step.targets.filter((target): target is ChannelTarget => !isOfPeople(target));
  if (told.length + targets.length > 0) return { told, noWay, targets };
  return people.length > 0 ? 'no_way' : 'nobody';
}

function inItsHours({ hours }: EscalationStep, situation: Situation): boolean {
  if (hours === null) return true;
  const core = situation.inCoreHours(hours.schedule);
  return core === null || core === (hours.kind === 'core');
}

/** Everybody whom a step names, each once, in the order of its targets. */
function peopleOf(step: EscalationStep, { onCall }: Situation): ToldPerson[] {
  const people = new Map<PersonId, ToldPerson>();
  for (const target of step.targets) {
    if (target.kind === 'person') {
      const { person } = target;
      if (!people.has(person)) people.set(person, { person, schedule: null, role: null });
    } else if (target.kind === 'schedule') {
      const { schedule, role } = target;
      for (const person of onCall(schedule, role)) {
        if (!people.has(person)) people.set(person, { person, schedule, role });
      }
    }
  }
  return [...people.values()].slice(0, TOLD_PER_STEP);
}

/** The one after `last` among all people of the step who has a way. */
function nextInTurn(
  people: readonly ToldPerson[],
  reachable: readonly ToldPerson[],
  last: PersonId | null,
): ToldPerson[] {
  const from = people.findIndex(({ person }) => person === last) + 1;
  const inOrder = [...people.slice(from), ...people.slice(0, from)];
  const next = inOrder.find((one) => reachable.includes(one));
  return next === undefined ? [] : [next];
}
