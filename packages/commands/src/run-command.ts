import { createHash } from 'node:crypto';
import type { Problem } from '@watchbill/core';
import {
  claimIdempotencyKey,
  type Database,
  insertAuditEntry,
  keepAnswer,
  type Transaction,
} from '@watchbill/database';
import { auditValue } from './audit/audit-text.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Caller, CommandError, CommandErrorCode, CommandResult } from './command.ts';
import type { HorizonSettings } from './horizon/horizon-settings.ts';
import { unstorableText } from './storable-text.ts';

export interface CommandContext {
  readonly database: Database;
  /** Who wants it, for the record: a token's name, a person, `cli`. */
  readonly actor: string;
  /** The person who acts, where it is one; absent for the product itself and for API tokens. */
  readonly caller?: Caller | undefined;
  /** From where, for the record: an address and a request, a workspace of Slack. */
  readonly origin?: string | undefined;
  /** The same key with the same input gives the stored answer again, and nothing is done twice. */
  readonly idempotencyKey?: string;
  /** How far ahead shifts are stored, and when people are told before a shift; `DEFAULT_HORIZON` unless said. */
  readonly horizon?: HorizonSettings;
}

/** What the work of a command says: its value, or why it refuses (nothing is kept then). */
export type CommandOutcome<T> =
  | { readonly ok: true; readonly value: T; readonly before?: unknown }
  | { readonly ok: false; readonly error: CommandError };

export interface CommandCall<T> {
  /** Verb and noun, as the function is called: `createOverride`. */
  readonly name: string;
  /** The whole input, JSON. The same key with another input is refused. */
  readonly input: unknown;
  /** What to store for a repeated call; the value itself unless said. Leave secrets out here. */
  readonly remember?: (value: T) => T;
  /** False for what is no decision of anybody: a dry run, a signal that other records keep. True unless said. */
  readonly audited?: boolean;
}

const KEY_LENGTH_LIMIT = 200;

/** The work is done. `before`: how it was, for the audit log, where the value alone does not tell. */
export function done<T>(value: T, before?: unknown): CommandOutcome<T> {
  return before === undefined ? { ok: true, value } : { ok: true, value, before };
}

/** Refuses with a stable `reason` and a message that says what to do. */
export function refuse(
  code: CommandErrorCode,
  reason: string,
  told: { readonly message: string; readonly problems?: readonly Problem[] },
): { readonly ok: false; readonly error: CommandError } {
  return { ok: false, error: { code, reason, ...told } };
}

/**
 * Runs the work of one command in one transaction: kept when it is done, rolled back when it refuses or throws.
 * With an idempotency key the answer is stored in the same transaction and given again to a repeated call.
 */
export async function runCommand<T>(
  context: CommandContext,
  call: CommandCall<T>,
  work: (tx: Transaction) => Promise<CommandOutcome<T>>,
): Promise<CommandResult<T>> {
  const refusal = refuseInput(context, call.input);
  if (refusal !== null) return refusal;
  const key = context.idempotencyKey;
  return context.database.transaction(
    async (tx): Promise<CommandResult<T>> => {
      if (key === undefined) return withReplayed(await recorded(tx, { context, call }, await work(tx)));
      const claim = { actor: context.actor, key, command: call.name, inputHash: hash(call.input) };
      const stored = await claimIdempotencyKey(tx, claim);
      if (stored !== null) {
        if (stored.command !== claim.command || stored.inputHash !== claim.inputHash) return keyReused();
        return { ok: true, value: stored.result as T, replayed: true };
      }
      const outcome = await recorded(tx, { context, call }, await work(tx));
      if (outcome.ok) await keepAnswer(tx, claim, call.remember?.(outcome.value) ?? outcome.value);
      return withReplayed(outcome);
    },
    { keep: (result) => result.ok },
  );
}

/** Writes what was done into the audit log, in the transaction that did it. */
async function recorded<T>(
  tx: Transaction,
  { context, call }: { readonly context: CommandContext; readonly call: CommandCall<T> },
  outcome: CommandOutcome<T>,
): Promise<CommandOutcome<T>> {
  if (!outcome.ok || call.audited === false) return outcome;
  await insertAuditEntry(tx, {
    actor: context.actor,
    origin: context.origin ?? null,
    command: call.name,
    input: auditValue(call.input),
    before: auditValue(outcome.before),
    after: auditValue(call.remember?.(outcome.value) ?? outcome.value),
  });
  return outcome;
}

function withReplayed<T>(outcome: CommandOutcome<T>): CommandResult<T> {
  return outcome.ok ? { ok: true, value: outcome.value, replayed: false } : outcome;
}

function keyReused(): { readonly ok: false; readonly error: CommandError } {
  return refuse('conflict', 'idempotency/key-reused', {
    message: 'This idempotency key was used for another request. Use a new key for each request.',
  });
}

function refuseInput(
  context: CommandContext,
  input: unknown,
): { readonly ok: false; readonly error: CommandError } | null {
  const problems = unstorableText([context.actor, context.idempotencyKey ?? null, input]);
  if (problems.length > 0) {
    // The path of a problem starts inside the input: the list around it is only for looking through all at once.
    const inside = problems.map((problem) => ({ ...problem, path: problem.path.slice(1) }));
    return refuse('invalid', 'text/unstorable', {
      message: 'Some text cannot be stored. Remove NUL characters and broken Unicode.',
      problems: inside,
    });
  }
  const length = context.idempotencyKey?.length;
  if (length !== undefined && (length === 0 || length > KEY_LENGTH_LIMIT)) {
    return refuse('invalid', 'idempotency/key-length', {
      message: `An idempotency key has 1 to ${KEY_LENGTH_LIMIT} characters.`,
    });
  }
  return null;
}

function hash(input: unknown): string {
  return createHash('sha256').update(canonicalJson(input)).digest('hex');
}
