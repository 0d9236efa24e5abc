import type { EscalationPolicy, EscalationStep, EscalationTarget, StepHours } from '@watchbill/core';
import type { Finding, PathStep } from '../config-error.ts';
import type { EscalationPolicyModel, TargetModel } from '../model/escalation-schema.ts';
import { suggest } from '../read/suggest.ts';

/** What policies may refer to: people, the roles of each schedule, and which schedules name core hours. */
export interface EscalationContext {
  readonly people: ReadonlySet<string>;
  readonly rolesBySchedule: ReadonlyMap<string, readonly string[]>;
  readonly withCoreHours: ReadonlySet<string>;
}

type Report = (finding: Finding) => void;

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MAX_WAIT_MS = 7 * UNIT_MS.d;
const TARGET_KEYS = ['schedule', 'person', 'slackChannel', 'webhook'] as const;

/** Milliseconds of a duration such as `5m` or `1h30m`. */
export function parseDuration(text: string): number {
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhd])/g)) {
    sum += Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return sum;
}

/** The policy with its references checked; `report` gets what is wrong, with paths from the policy down. */
export function makeEscalationPolicy(
  model: EscalationPolicyModel,
  context: EscalationContext,
  report: Report,
): EscalationPolicy {
  const { id, name, repeat, lastResort = [], retriggerAfter } = model;
  const made = { model, context, report };
  return {
    id,
    name: name ?? id,
    steps: model.steps.map((_, index) => makeStep(made, index)),
    repeat: repeat ?? 0,
    lastResort: makeTargets(lastResort, ['lastResort'], made),
    retriggerAfterMs:
      retriggerAfter === undefined
        ? null
        : durationOf(retriggerAfter, { path: ['retriggerAfter'], leastMs: UNIT_MS.m, report }),
  };
}

interface Making {
  readonly model: EscalationPolicyModel;
  readonly context: EscalationContext;
  readonly report: Report;
}

function makeStep(made: Making, index: number): EscalationStep {
  const step = made.model.steps[index] as EscalationPolicyModel['steps'][number];
  const { report } = made;
  return {
    targets: makeTargets(step.notify, ['steps', index, 'notify'], made),
    waitMs: durationOf(step.wait, { path: ['steps', index, 'wait'], leastMs: UNIT_MS.s, report }),
    severities: step.severities ?? null,
    hours: makeHours(made, index),
    roundRobin: step.roundRobin ?? false,
  };
}

function durationOf(
  text: string,
  { path, leastMs, report }: { readonly path: PathStep[]; readonly leastMs: number; readonly report: Report },
): number {
  const ms = parseDuration(text);
  if (ms >= leastMs && ms <= MAX_WAIT_MS) return ms;
  const least = leastMs === UNIT_MS.s ? '1s' : '1m';
  const message =
    path[0] === 'steps'
      ? 'A wait lasts from 1s to 7d.'
      : `It lasts from ${least} to 7d; leave it out for never.`;
  report({ path, code: 'escalation/wait', message });
  return ms;
}

/** The schedule whose core hours a step goes by. */
function makeHours({ model, context, report }: Making, index: number): StepHours | null {
  const step = model.steps[index];
  if (step?.hours === undefined) return null;
  const named = [step, ...model.steps].flatMap((each) => each.notify.flatMap((one) => one.schedule ?? []));
  const [schedule] = named;
  if (schedule !== undefined && context.withCoreHours.has(schedule)) return { kind: step.hours, schedule };
  const message =
    schedule === undefined
      ? 'hours goes by the core hours of a schedule, and no step of the policy names one.'
      : `hours goes by the core hours of the schedule ${schedule}, which has none. Give it coreHours.`;
  report({ path: ['steps', index, 'hours'], code: 'escalation/no-core-hours', message });
  return null;
}

function makeTargets(
  models: readonly TargetModel[],
  base: readonly PathStep[],
  { context, report }: Making,
): EscalationTarget[] {
  return models.flatMap((target, place) => {
    const made = makeTarget(target, context, (finding) =>
      report({ ...finding, path: [...base, place, ...finding.path] }),
    );
    return made === null ? [] : [made];
  });
}

function makeTarget(
  target: TargetModel,
  context: EscalationContext,
  report: Report,
): EscalationTarget | null {
  const named = TARGET_KEYS.filter((key) => target[key] !== undefined);
  if (named.length !== 1) {
    const got = named.length === 0 ? 'none' : named.join(' and ');
    report({
      path: [],
      code: 'escalation/target',
      message: `A target has exactly one of ${TARGET_KEYS.join(', ')}; got ${got}.`,
    });
    return null;
  }
  if (target.role !== undefined && target.schedule === undefined) {
    report({ path: ['role'], code: 'escalation/target', message: 'role goes with schedule; remove it.' });
  }
  if (target.schedule !== undefined) return scheduleTarget(target.schedule, target.role, { context, report });
  if (target.person !== undefined) {
    if (!context.people.has(target.person)) report(unknown('person', target.person, context.people));
    return { kind: 'person', person: target.person };
  }
  if (target.slackChannel !== undefined) return { kind: 'slackChannel', channel: target.slackChannel };
  return target.webhook === undefined ? null : { kind: 'webhook', url: target.webhook };
}

function scheduleTarget(
  schedule: string,
  role: string | undefined,
  { context, report }: { readonly context: EscalationContext; readonly report: Report },
): EscalationTarget | null {
  const roles = context.rolesBySchedule.get(schedule);
  if (roles === undefined) {
    report(unknown('schedule', schedule, context.rolesBySchedule.keys()));
    return null;
  }
  if (role !== undefined && !roles.includes(role)) {
    const message = `The schedule ${schedule} has no role "${role}"; its roles are ${roles.join(', ')}.`;
    report({ path: ['role'], code: 'role/unknown', message });
  }
  return { kind: 'schedule', schedule, role: role ?? roles[0] ?? 'primary' };
}

function unknown(key: 'person' | 'schedule', id: string, known: Iterable<string>): Finding {
  const near = suggest(id, known);
  const hint =
    near === null ? `add it under ${key === 'person' ? 'people' : 'schedules'}` : `did you mean ${near}?`;
  return { path: [key], code: `${key}/unknown`, message: `There is no ${key} "${id}": ${hint}` };
}
