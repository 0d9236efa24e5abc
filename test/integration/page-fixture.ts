import { advancePages, applyConfiguration, type CommandContext, triggerPage } from '@watchbill/commands';
import type { EscalationPolicy, EscalationStep, EscalationTarget } from '@watchbill/core';
import type { NotificationRow } from '@watchbill/database';
import { accepted, configurationOf, openWorld, PEOPLE, type World, weekly } from './apply-fixture.ts';

export const MINUTE_MS = 60_000;

/** A schedule's two roles: ann, ben and cleo take weeks as primary, dev is always secondary. */
export function twoRoles(id: string) {
  return weekly(id, {
    roles: ['primary', 'secondary'],
    coreHours: { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' },
    team: 'support',
    rotations: [
      ...weekly(id).rotations,
      {
        id: 'second',
        role: 'secondary',
        strategy: 'in_order',
        roster: ['dev'],
        cadence: { every: 1, unit: 'week' },
        start: '2026-11-30T09:00',
      },
    ],
  });
}

export function step(
  targets: readonly EscalationTarget[],
  more: Partial<EscalationStep> = {},
): EscalationStep {
  return { targets, waitMs: 5 * MINUTE_MS, severities: null, hours: null, roundRobin: false, ...more };
}

export function role(schedule: string, name = 'primary'): EscalationTarget {
  return { kind: 'schedule', schedule, role: name };
}

export function person(id: string): EscalationTarget {
  return { kind: 'person', person: id };
}

export function policyOf(
  id: string,
  steps: readonly EscalationStep[],
  more: Partial<EscalationPolicy> = {},
): EscalationPolicy {
  return { id, name: id, steps, repeat: 0, lastResort: [], retriggerAfterMs: null, ...more };
}

/** People with an e-mail address, the team `support` with eve as its manager, and the schedule `support`. */
export async function openPageWorld(): Promise<World> {
  const world = await openWorld();
  await applyPolicies(world, []);
  return world;
}

export async function applyPolicies(world: World, policies: readonly EscalationPolicy[]): Promise<void> {
  const base = configurationOf([twoRoles('support')]);
  accepted(
    await applyConfiguration(world.context, {
      configuration: {
        ...base,
        people: base.people.map((each) => ({ ...each, email: `${each.id}@example.com` })),
        teams: [
          {
            id: 'support',
            name: 'Support',
            definition: { id: 'support', name: 'Support', members: [...PEOPLE], managers: ['eve'] },
          },
        ],
        schedules: base.schedules.map((each) => ({ ...each, team: 'support' })),
        escalationPolicies: policies.map((policy) => ({
          id: policy.id,
          name: policy.name,
          definition: { id: policy.id },
          policy,
        })),
      },
      source: 'test',
      dryRun: false,
    }),
  );
}

export async function trigger(
  world: World,
  input: Partial<Parameters<typeof triggerPage>[1]> = {},
  context: CommandContext = world.context,
) {
  const to = input.policy === undefined && input.schedule === undefined ? { schedule: 'support' } : {};
  return accepted(
    await triggerPage(context, { summary: 'Checkout is down', severity: 'critical', ...to, ...input }),
  );
}

/** Lets real time pass for a page: everything that waits comes nearer by so much. */
export async function waitFor(world: World, page: string, ms: number): Promise<void> {
  await world.database.pool.query(
    `UPDATE pages SET step_at = step_at - $2 * interval '1 ms', snoozed_until = snoozed_until - $2 * interval '1 ms',
       retrigger_at = retrigger_at - $2 * interval '1 ms', due_at = due_at - $2 * interval '1 ms',
       wake_at = wake_at - $2 * interval '1 ms', escalated_at = escalated_at - $2 * interval '1 ms',
       acknowledged_at = acknowledged_at - $2 * interval '1 ms'
     WHERE id = $1`,
    [page, ms],
  );
}

/** Lets the wait of the last step pass and fires what is due then. */
export async function nextStep(world: World, page: string, ms = 5 * MINUTE_MS) {
  await waitFor(world, page, ms);
  return advancePages(world.database, [page]);
}

/** `ann.email` for each notification that was not cancelled, in order. */
export function toldOf(rows: readonly NotificationRow[]): string[] {
  return rows
    .filter((row) => row.status !== 'cancelled')
    .map(
      (row) =>
        `${row.person ?? (row.target?.kind === 'slackChannel' ? row.target.channel : 'webhook')}.${row.way}`,
    );
}
