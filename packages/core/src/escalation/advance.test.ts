import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../time/interval.ts';
import { advance, SEEK_EVERY_MS, type Situation, TOLD_PER_STEP } from './advance.ts';
import {
  acknowledge,
  dueAt,
  escalate,
  newPlace,
  type PagePlace,
  resolve,
  snooze,
  triggerAgain,
} from './page.ts';
import {
  defaultPolicy,
  type EscalationPolicy,
  type EscalationStep,
  isMoreSevere,
  schedulesOf,
  urgencyOf,
  withAssigned,
} from './policy.ts';

const step = (more: Partial<EscalationStep> = {}): EscalationStep => ({
  targets: [{ kind: 'person', person: 'amara' }],
  ...{ waitMs: 5 * MINUTE_MS, severities: null, hours: null, roundRobin: false },
  ...more,
});
const policyOf = (
  steps: readonly EscalationStep[],
  more: Partial<EscalationPolicy> = {},
): EscalationPolicy => ({
  ...{ id: 'p', name: 'P', steps, repeat: 0, lastResort: [], retriggerAfterMs: null },
  ...more,
});
const world: Situation = {
  onCall: (_schedule, role) => (role === 'primary' ? ['benji', 'cleo'] : []),
  ...{ reachable: () => true, inCoreHours: () => true, lastTold: () => null },
};

/** Decides as often as something is due by `now`, and tells what fired: `12 amara` for minute 12. */
function play(
  policy: EscalationPolicy,
  minutes: number,
  from: { place?: PagePlace; world?: Situation } = {},
) {
  let place = from.place ?? newPlace('critical', 0);
  const told: string[] = [];
  const skipped: string[] = [];
  for (let minute = 0; minute <= minutes; minute += 1) {
    const made = advance({ place, policy, assignedTo: null }, minute * MINUTE_MS, from.world ?? world);
    if (made === null) continue;
    place = made.place;
    skipped.push(...made.skipped.map(({ step: index, reason }) => `${minute} ${index} ${reason}`));
    const people = made.fired?.told.map((one) => one.person).join('+');
    if (people !== undefined) told.push(`${minute} ${people}`);
    if (made.ending !== null) told.push(`${minute} ${made.ending}`);
  }
  return { told, skipped, place };
}

describe('advance', () => {
  it('fires the first step at once, and each further one after its wait', () => {
    const steps = [step(), step({ waitMs: 2 * MINUTE_MS, targets: [{ kind: 'person', person: 'dev' }] })];
    expect(play(policyOf(steps, { repeat: 1 }), 60).told).toEqual([
      '0 amara',
      '5 dev',
      '7 amara',
      '12 dev',
      '14 exhausted',
    ]);
  });

  it('passes over steps for other severities and hours', () => {
    const policy = policyOf([
      step({ severities: ['info'] }),
      step({ hours: { kind: 'non-core', schedule: 's' } }),
      step({ hours: { kind: 'core', schedule: 's' }, targets: [{ kind: 'person', person: 'dev' }] }),
    ]);
    expect(play(policy, 1)).toMatchObject({ told: ['0 dev'], skipped: ['0 0 severity', '0 1 hours'] });
    const night = { ...world, inCoreHours: () => false };
    expect(play(policy, 1, { world: night }).told).toEqual(['0 amara']);
    // A schedule that has lost its core hours keeps nobody from being told.
    expect(play(policy, 1, { world: { ...world, inCoreHours: () => null } }).told).toEqual(['0 amara']);
  });

  it('tells everybody in a role and each person once, and knows whom it cannot tell', () => {
    const targets = [
      { kind: 'schedule', schedule: 's', role: 'primary' },
      { kind: 'person', person: 'benji' },
      { kind: 'slackChannel', channel: '#s' },
    ] as const;
    const unreachable = { ...world, reachable: (person: string) => person !== 'cleo' };
    const page = { place: newPlace('critical', 0), policy: policyOf([step({ targets })]), assignedTo: null };
    expect(advance(page, 0, unreachable)?.fired).toMatchObject({
      told: [{ person: 'benji', schedule: 's', role: 'primary' }],
      noWay: [{ person: 'cleo' }],
      targets: [{ channel: '#s' }],
    });
  });

  it('tells so many people of one step at most', () => {
    const everybody = Array.from({ length: TOLD_PER_STEP + 5 }, (_, index) => `p${index}`);
    const policy = policyOf([step({ targets: [{ kind: 'schedule', schedule: 's', role: 'primary' }] })]);
    const page = { place: newPlace('critical', 0), policy, assignedTo: null };
    const made = advance(page, 0, { ...world, onCall: () => everybody });
    expect(made?.fired?.told).toHaveLength(TOLD_PER_STEP);
  });

  it('says once that nobody can be told, looks on, and begins with whoever it finds', () => {
    const policy = policyOf([
      step({ targets: [{ kind: 'schedule', schedule: 's', role: 'third' }] }),
      step(),
    ]);
    const deserted = { ...world, reachable: () => false };
    const alone = play(policy, 30, { world: deserted });
    expect(alone.told).toEqual(['0 unreachable']);
    expect(alone.place).toMatchObject({ phase: 'seeking', stepAt: 30 * MINUTE_MS + SEEK_EVERY_MS });
    const found = play(policy, 60, { place: { ...alone.place, stepAt: 3 * MINUTE_MS } });
    expect(found.told).toEqual(['3 amara', '8 exhausted']);
  });

  it('says that no person was told when only channels were, and then is done', () => {
    const policy = policyOf([step({ targets: [{ kind: 'slackChannel', channel: '#s' }] })]);
    expect(play(policy, 30)).toMatchObject({ told: ['0 ', '5 unreachable'], place: { phase: 'ended' } });
  });

  it('tells the last resort when all passes are over, or at once when no step can tell anybody', () => {
    const lastResort = [{ kind: 'person', person: 'cleo' }] as const;
    expect(play(policyOf([step()], { lastResort }), 30).told).toEqual(['0 amara', '5 cleo']);
    const empty = step({ targets: [{ kind: 'schedule', schedule: 's', role: 'third' }] });
    expect(play(policyOf([empty], { lastResort, repeat: 9 }), 30).told).toEqual(['0 cleo']);
  });

  it('begins with the person to whom it was given', () => {
    const page = { place: newPlace('critical', 0), policy: policyOf([step()]), assignedTo: 'eve' };
    const first = advance(page, 0, world);
    expect(first?.fired).toMatchObject({ kind: 'assigned', told: [{ person: 'eve' }] });
    const second = advance({ ...page, place: first?.place ?? page.place }, 5 * MINUTE_MS, world);
    expect(second?.fired).toMatchObject({ kind: 'step', step: 0, told: [{ person: 'amara' }] });
    expect(withAssigned(page.policy, null)).toBe(page.policy);
  });

  it('begins again after a snooze, and when an acknowledged page is not resolved in time', () => {
    const policy = policyOf([step()], { retriggerAfterMs: 10 * MINUTE_MS });
    const { place } = play(policy, 1);
    const snoozed = snooze(place, 20 * MINUTE_MS);
    const page = { policy, assignedTo: null };
    expect(advance({ ...page, place: snoozed }, 19 * MINUTE_MS, world)).toBe(null);
    expect(advance({ ...page, place: snoozed }, 21 * MINUTE_MS, world)).toMatchObject({
      ...{ retriggered: 'snooze_ended', place: { state: 'triggered', round: 2, fired: 2 } },
      fired: { number: 2, lateMs: MINUTE_MS },
    });
    const taken = acknowledge(place, policy, 2 * MINUTE_MS);
    expect(dueAt(taken)).toBe(12 * MINUTE_MS);
    expect(advance({ ...page, place: taken }, 12 * MINUTE_MS, world)?.retriggered).toBe('unresolved');
    expect(dueAt(resolve(taken))).toBe(null);
  });

  it('goes on where it was when somebody escalates, and from the start when all is over', () => {
    const policy = policyOf([step(), step({ targets: [{ kind: 'person', person: 'dev' }] })]);
    const { place } = play(policy, 1);
    expect(
      advance({ place: escalate(place, 7), policy, assignedTo: null }, 7, world)?.fired?.told,
    ).toMatchObject([{ person: 'dev' }]);
    const over = play(policy, 60).place;
    expect(over.phase).toBe('ended');
    expect(escalate(over, 99)).toEqual(triggerAgain(over, 99));
  });
});

describe('policies', () => {
  it('have a default for each schedule: its roles, twice, then its managers', () => {
    const policy = defaultPolicy('s', { roles: ['primary', 'secondary'], managers: ['eve'] });
    expect(policy).toMatchObject({
      ...{ repeat: 1, lastResort: [{ person: 'eve' }], retriggerAfterMs: null },
      steps: [{ targets: [{ role: 'primary' }] }, { targets: [{ role: 'secondary' }] }],
    });
    expect(defaultPolicy('s', { roles: [], managers: [] }).steps).toHaveLength(1);
  });

  it('name the schedules that they ask', () => {
    const hours = { kind: 'core', schedule: 'b' } as const;
    const targets = [{ kind: 'schedule', schedule: 'a', role: 'primary' }] as const;
    const policy = policyOf([step({ targets, hours }), step()], { lastResort: targets });
    expect(schedulesOf(policy)).toEqual(['a', 'b']);
  });

  it('are urgent for what is critical or an error', () => {
    expect((['critical', 'error', 'warning', 'info'] as const).map(urgencyOf)).toEqual([
      'high',
      'high',
      'low',
      'low',
    ]);
    expect(isMoreSevere('critical', 'error')).toBe(true);
    expect(isMoreSevere('info', 'info')).toBe(false);
  });
});
