import { newPlace, urgencyOf } from '@watchbill/core';
import {
  type CountedSignal,
  countNewPage,
  countRepeat,
  countSignal,
  endFold,
  type NewPage,
  newId,
  type PageMoment,
  pageMoment,
  type Transaction,
  uncountNewPage,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, done, refuse, runCommand } from '../run-command.ts';
import { unstorableText } from '../storable-text.ts';
import { oneLine, triggerProblems } from './check-trigger.ts';
import { foldSignal } from './fold-signal.ts';
import { openPage, type Signal } from './open-page.ts';
import type { TriggeredPage, TriggerInput } from './page-input.ts';
import { STORM_PAGES_PER_MINUTE, STORM_WINDOW_MS } from './page-limits.ts';
import { raiseSeverity } from './raise-severity.ts';
import { policyReceiver, type Receiver, receiverOfSchedule } from './resolve-receiver.ts';

/** A page of the key may be opened, or end, between looking and storing; then it is looked for again. */
const TRIES = 5;

/**
 * Calls for the attention of people. While a page of the key is open, a signal only counts, unless it is more severe:
 * then the page becomes so, and an urgent one calls from the start. A new page fires its first step in the same
 * transaction. In a storm of new pages an open page stands for the rest. Refuses what is malformed or unknown.
 */
export async function triggerPage(
  context: CommandContext,
  input: TriggerInput,
): Promise<CommandResult<TriggeredPage>> {
  const repeated = await repeatOnly(context, input);
  return (
    repeated ??
    runCommand(context, { name: 'triggerPage', input, audited: false }, (tx) => trigger(tx, context, input))
  );
}

/** A noisy sender repeats itself a thousand times a second: that costs one statement each. */
async function repeatOnly(
  context: CommandContext,
  input: TriggerInput,
): Promise<CommandResult<TriggeredPage> | null> {
  const { dedupKey, severity, intake = null } = input;
  if (dedupKey == null || context.idempotencyKey !== undefined) return null;
  if (unstorableText([context.actor, input]).length > 0 || triggerProblems(input).length > 0) return null;
  const counted = await countRepeat(context.database, { intake, dedupKey, severity });
  if (counted === null) return null;
  const { page, number, folded } = counted;
  const outcome = folded ? ('folded' as const) : ('repeated' as const);
  return { ok: true, value: { page, number, outcome, dedupKey }, replayed: false };
}

async function trigger(
  tx: Transaction,
  context: CommandContext,
  input: TriggerInput,
): Promise<CommandOutcome<TriggeredPage>> {
  const problems = triggerProblems(input);
  if (problems.length > 0) {
    return refuse('invalid', problems[0]?.code ?? 'page/invalid', {
      message: problems.map((problem) => problem.message).join(' '),
      problems,
    });
  }
  const dedupKey = input.dedupKey ?? newId('key');
  const signal: Signal = { input, intake: input.intake ?? null, dedupKey, actor: context.actor };
  for (let tried = 0; tried < TRIES; tried += 1) {
    const counted = await countOpen(tx, signal);
    const outcome = counted === null ? await triggerNew(tx, signal) : await repeat(tx, signal, counted);
    if (outcome !== null) return outcome;
  }
  throw new Error(`no page could be opened or found for the key ${dedupKey}`);
}

/** Counts a signal whose page is open; a key that was just made up is nowhere yet. */
async function countOpen(
  tx: Transaction,
  { input, intake, dedupKey }: Signal,
): Promise<CountedSignal | null> {
  return input.dedupKey == null ? null : countSignal(tx, { intake, dedupKey, severity: input.severity });
}

async function repeat(
  tx: Transaction,
  signal: Signal,
  counted: CountedSignal,
): Promise<CommandOutcome<TriggeredPage> | null> {
  const { page, number, folded, moreSevere } = counted;
  if (moreSevere && folded) {
    // It leaves the storm and calls on its own.
    const { now } = await pageMoment(tx);
    await endFold(tx, page, { dedupKey: signal.dedupKey, at: now });
    return null;
  }
  if (moreSevere) await raiseSeverity(tx, page, signal.input.severity);
  return done({ page, number, outcome: folded ? 'folded' : 'repeated', dedupKey: signal.dedupKey });
}

async function triggerNew(tx: Transaction, signal: Signal): Promise<CommandOutcome<TriggeredPage> | null> {
  const { policy, schedule } = signal.input;
  const receiver =
    policy == null ? await receiverOfSchedule(tx, schedule ?? '') : await policyReceiver(tx, policy);
  if (!receiver.ok) return receiver;
  const sender = { intake: signal.intake, policyKey: receiver.value.policyKey };
  const count = await countNewPage(tx, sender, STORM_WINDOW_MS);
  const moment = await pageMoment(tx);
  const wanted = newPage(signal, receiver.value, moment);
  if (count > STORM_PAGES_PER_MINUTE) {
    // Whoever waited for the count may find the page of its key opened by the one before.
    const counted = await countOpen(tx, signal);
    if (counted === null) return foldSignal(tx, signal, { wanted, moment });
    await uncountNewPage(tx, sender);
    return repeat(tx, signal, counted);
  }
  const page = await openPage(tx, wanted, moment);
  if (page === null) {
    await uncountNewPage(tx, sender);
    return null;
  }
  return done({ page: page.id, number: page.number, outcome: 'triggered', dedupKey: signal.dedupKey });
}

function newPage(signal: Signal, receiver: Receiver, { now }: PageMoment): NewPage {
  const { summary, severity, source, details, links } = signal.input;
  return {
    id: newId('pag'),
    ...{ intake: signal.intake, dedupKey: signal.dedupKey, folds: false, folded: 0, ...receiver },
    ...{ summary: oneLine(summary), severity, urgency: urgencyOf(severity) },
    ...{ source: source == null ? null : oneLine(source), details: details ?? null, links: links ?? [] },
    ...{ place: newPlace(severity, now), createdBy: signal.actor, createdAt: now },
  };
}
