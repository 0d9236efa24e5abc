import {
  type Advance,
  advance,
  type EscalationStep,
  type FiredStep,
  type SkippedStep,
  withAssigned,
} from '@watchbill/core';
import {
  type FollowedRole,
  followRoles,
  insertEvents,
  insertPageLog,
  insertPageStep,
  type NewEvent,
  type NewPageLog,
  type PageActor,
  type PageMoment,
  type PageRow,
  savePage,
  type Transaction,
  takeRoundRobin,
  unfollowRoles,
} from '@watchbill/database';
import { actorFactsOf, CHANNELS_IN_EVENT, pageEvent, skippedFactsOf, TOLD_IN_EVENT } from './page-events.ts';
import { readSituation } from './read-situation.ts';
import { writeNotifications } from './write-notifications.ts';

/** What time, or somebody who asked for it, brought about. */
export interface StoredAdvance {
  readonly page: PageRow;
  readonly fired: FiredStep | null;
}

/**
 * Does what is due for a page that this transaction has locked: the place it moves to, the step, the notifications of
 * its people, the log, the events and the wake-ups. Null when nothing is due, so whoever comes second does nothing.
 */
export async function storeAdvance(
  tx: Transaction,
  page: PageRow,
  at: { readonly moment: PageMoment; readonly actor: PageActor | null },
): Promise<StoredAdvance | null> {
  const { moment, actor } = at;
  const { situation, ways } = await readSituation(tx, page, moment);
  const made = advance({ ...page, policy: page.escalation }, moment.now, situation);
  if (made === null) return null;
  const again = made.retriggered !== null;
  const saved = await savePage(tx, {
    ...page,
    place: made.place,
    acknowledged: again ? null : page.acknowledged,
  });
  if (again) await unfollowRoles(tx, page.id);
  if (made.fired !== null) {
    await insertPageStep(tx, page.id, { fired: made.fired, skipped: made.skipped, at: moment.now });
    if (made.fired.roundRobin) await noteTurn(tx, page, made.fired);
    await writeNotifications(tx, saved, { fired: made.fired, ways, now: moment.now });
  }
  await followRoles(tx, page.id, rolesToFollow(page, made));
  await insertPageLog(tx, page.id, logOf(made, at));
  await insertEvents(tx, eventsOf(saved, made, { moment, actor }));
  return { page: saved, fired: made.fired };
}

async function noteTurn(tx: Transaction, page: PageRow, { step, told }: FiredStep): Promise<void> {
  const [first] = told;
  if (first !== undefined) await takeRoundRobin(tx, page.policyKey, { step, person: first.person });
}

/** The roles of the step that fired, and those where nobody could be told: whoever comes on call there is told. */
function rolesToFollow(page: PageRow, { fired, skipped }: Advance): FollowedRole[] {
  const { steps } = withAssigned(page.escalation, page.assignedTo);
  const assigned = page.assignedTo === null ? 0 : 1;
  const lastResort = { targets: page.escalation.lastResort, roundRobin: false };
  const stepOf = (index: number | null) => (index === null ? lastResort : steps[index + assigned]);
  const empty = skipped.filter(({ reason }) => reason === 'nobody' || reason === 'no_way');
  const touched = empty.map(({ step }) => stepOf(step));
  if (fired?.kind === 'step') touched.push(stepOf(fired.step));
  if (fired?.kind === 'last_resort') touched.push(lastResort);
  const roles = touched.flatMap((step) => (step === undefined ? [] : rolesOf(step)));
  return [...new Map(roles.map((role) => [`${role.schedule} ${role.role}`, role])).values()];
}

function rolesOf(step: Pick<EscalationStep, 'targets' | 'roundRobin'>): FollowedRole[] {
  return step.targets.flatMap((target) =>
    target.kind === 'schedule'
      ? [{ schedule: target.schedule, role: target.role, one: step.roundRobin }]
      : [],
  );
}

function logOf(
  made: Advance,
  { moment, actor }: { readonly moment: PageMoment; readonly actor: PageActor | null },
): Omit<NewPageLog, 'page'>[] {
  const at = moment.now;
  const { retriggered, fired, skipped, ending } = made;
  const by = { person: actor?.person ?? null, actor: actor?.actor ?? null, via: actor?.via ?? null };
  return [
    ...(retriggered === null ? [] : [{ at, kind: 'retriggered', detail: { reason: retriggered } }]),
    ...(fired === null ? [] : [{ at, kind: 'escalated', ...by, detail: firedDetail(fired, skipped) }]),
    ...(ending === null ? [] : [{ at, kind: ending, detail: { skipped: skippedFactsOf(skipped) } }]),
  ];
}

function firedDetail(fired: FiredStep, skipped: readonly SkippedStep[]): Record<string, unknown> {
  const { number, round, pass, kind, step, told, noWay, lateMs } = fired;
  const people = { told: told.map(({ person }) => person), noWay: noWay.map(({ person }) => person) };
  return { number, round, pass, kind, step, lateMs, ...people, skipped: skippedFactsOf(skipped) };
}

function eventsOf(
  page: PageRow,
  made: Advance,
  { moment, actor }: { readonly moment: PageMoment; readonly actor: PageActor | null },
): NewEvent[] {
  const events: NewEvent[] = [];
  const { retriggered, fired, skipped } = made;
  const common = { mark: page.version, moment };
  if (retriggered !== null) {
    events.push(pageEvent(page, { ...common, type: 'page.retriggered', data: { reason: retriggered } }));
  }
  if (fired !== null) {
    const { number, round, pass, kind, step, lateMs } = fired;
    const channels = fired.targets.flatMap((one) => (one.kind === 'slackChannel' ? [one.channel] : []));
    const data = {
      step: {
        ...{ number, round, pass, kind, step, lateMs },
        told: fired.told.slice(0, TOLD_IN_EVENT).map((one) => ({ ...one })),
        channels: channels.slice(0, CHANNELS_IN_EVENT),
        skipped: skippedFactsOf(skipped),
      },
      actor: actor === null ? null : actorFactsOf(actor),
    };
    events.push(pageEvent(page, { ...common, lateMs, type: 'page.escalated', data }));
  }
  if (made.ending === 'unreachable') {
    const data = { skipped: skippedFactsOf(skipped) };
    events.push(pageEvent(page, { ...common, type: 'page.unreachable', data }));
  }
  return events;
}
