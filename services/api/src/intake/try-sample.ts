import { type Database, type IntakeRow, openPageOf } from '@watchbill/database';
import { readSignals } from './read-signals.ts';
import type { Signal } from './signal.ts';

/** What a sample would do now: read as if it had come from the sender, and held against the open pages. */
export async function trySample(
  database: Database,
  intake: IntakeRow,
  { sample, resource }: { readonly sample: unknown; readonly resource: string },
) {
  const reading = readSignals(intake, sample, { resource });
  if (!reading.ok) return { signals: [], ignored: null, errors: [...reading.errors] };
  const signals = [];
  for (const signal of reading.signals) signals.push(await effectOf(database, intake, signal));
  return { signals, ignored: reading.ignored, errors: [] };
}

async function effectOf(database: Database, intake: IntakeRow, signal: Signal) {
  const { action, dedupKey } = signal;
  const page = dedupKey === null ? null : await openPageOf(database, { intake: intake.id, dedupKey });
  const told =
    signal.action === 'trigger'
      ? { ...signal, links: [...signal.links] }
      : { summary: null, severity: null, source: null, details: null, links: [] };
  const { summary, severity, source, details, links } = told;
  return { action, dedupKey, page, effect: wordFor(action, page), summary, severity, source, details, links };
}

function wordFor(action: Signal['action'], page: string | null) {
  if (action === 'trigger') return page === null ? ('opens' as const) : ('counts' as const);
  if (page === null) return 'nothing' as const;
  return action === 'acknowledge' ? ('acknowledges' as const) : ('resolves' as const);
}
