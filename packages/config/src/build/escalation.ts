import type { Finding } from '../config-error.ts';
import type { EscalationPolicyModel, TargetModel } from '../model/escalation-schema.ts';
import { suggest } from '../read/suggest.ts';

/** Whom one step notifies. */
export type EscalationTarget =
  | { readonly kind: 'schedule'; readonly schedule: string; readonly role: string }
  | { readonly kind: 'person'; readonly person: string }
  | { readonly kind: 'slackChannel'; readonly channel: string }
  | { readonly kind: 'webhook'; readonly url: string };

export interface EscalationStep {
  readonly targets: readonly EscalationTarget[];
  /** How long to wait for an answer before the next step, in milliseconds. */
  readonly waitMs: number;
}

/** Ordered steps: whom to notify, and how long to wait. */
export interface EscalationPolicy {
  readonly id: string;
  readonly name: string;
  readonly steps: readonly EscalationStep[];
  /** How often to start again after the last step. */
  readonly repeat: number;
}

/** What policies may refer to: people, and the roles of each schedule. */
export interface EscalationContext {
  readonly people: ReadonlySet<string>;
  readonly rolesBySchedule: ReadonlyMap<string, readonly string[]>;
}

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
  report: (finding: Finding) => void,
): EscalationPolicy {
  const steps = model.steps.map((step, index): EscalationStep => {
    const waitMs = parseDuration(step.wait);
    if (waitMs < 1000 || waitMs > MAX_WAIT_MS) {
      report({
        path: ['steps', index, 'wait'],
        code: 'escalation/wait',
        message: 'A wait lasts from 1s to 7d.',
      });
    }
    const targets = step.notify.flatMap((target, place) => {
      const path = ['steps', index, 'notify', place];
      const made = makeTarget(target, context, (finding) =>
        report({ ...finding, path: [...path, ...finding.path] }),
      );
      return made === null ? [] : [made];
    });
    return { targets, waitMs };
  });
  return { id: model.id, name: model.name ?? model.id, steps, repeat: model.repeat ?? 0 };
}

function makeTarget(
  target: TargetModel,
  context: EscalationContext,
  report: (finding: Finding) => void,
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
  { context, report }: { readonly context: EscalationContext; readonly report: (finding: Finding) => void },
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
