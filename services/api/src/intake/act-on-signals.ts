import {
  acknowledgePageByKey,
  type CommandContext,
  type CommandError,
  resolvePageByKey,
  triggerPage,
} from '@watchbill/commands';
import type { Database, OpenIntake } from '@watchbill/database';
import type { Signal } from './signal.ts';

/** What became of a signal. `none`: no page of its key is open. */
export interface ActedSignal {
  readonly action: Signal['action'];
  readonly dedupKey: string;
  readonly outcome: 'triggered' | 'repeated' | 'folded' | 'acknowledged' | 'resolved' | 'none';
  readonly page: string | null;
}

export type ActedSignals =
  | { readonly ok: true; readonly acted: readonly ActedSignal[] }
  | { readonly ok: false; readonly error: CommandError };

export interface SignalCall {
  readonly database: Database;
  readonly intake: OpenIntake;
  /** What proves that a signed message was seen before: the same one again does nothing, and is answered the same. */
  readonly onceKey?: string;
}

/** Who acts when a sender does. */
export function intakeActor({ name, id }: Pick<OpenIntake, 'id' | 'name'>): string {
  return `${name} (${id})`;
}

/**
 * Does what a sender asks for, one signal after the other; resolves when all of it is stored. The first refusal ends
 * it: the sender sends all of it again, and what was done before only counts.
 */
export async function actOnSignals(call: SignalCall, signals: readonly Signal[]): Promise<ActedSignals> {
  const acted: ActedSignal[] = [];
  for (const [place, signal] of signals.entries()) {
    const once = call.onceKey === undefined ? {} : { idempotencyKey: `${call.onceKey}.${place}` };
    const context: CommandContext = {
      database: call.database,
      actor: intakeActor(call.intake),
      ...once,
    };
    const result = await actOn(context, call.intake, signal);
    if ('error' in result) {
      // The key was used by this very message, when the intake still read it in another way.
      if (result.error.reason !== 'idempotency/key-reused') return { ok: false, error: result.error };
    } else acted.push(result);
  }
  return { ok: true, acted };
}

async function actOn(
  context: CommandContext,
  intake: OpenIntake,
  signal: Signal,
): Promise<ActedSignal | { readonly error: CommandError }> {
  const { action } = signal;
  if (action === 'trigger') {
    const { id, policy, schedule } = intake;
    const { action: _, ...asked } = signal;
    const result = await triggerPage(context, { ...asked, intake: id, policy, schedule });
    if (!result.ok) return { error: result.error };
    const { outcome, page, dedupKey } = result.value;
    return { action, dedupKey, outcome, page };
  }
  const key = { intake: intake.id, dedupKey: signal.dedupKey };
  const act = action === 'acknowledge' ? acknowledgePageByKey : resolvePageByKey;
  const result = await act(context, key);
  if (!result.ok) return { error: result.error };
  const { page } = result.value;
  const done = action === 'acknowledge' ? 'acknowledged' : 'resolved';
  return { action, dedupKey: signal.dedupKey, outcome: page === null ? 'none' : done, page };
}
