import {
  lockPage,
  type PageActor,
  type PageMoment,
  type PageRow,
  pageMoment,
  readNames,
  readPage,
  type Transaction,
} from '@watchbill/database';
import type { CommandError, CommandResult } from '../command.ts';
import { type CommandContext, type CommandOutcome, refuse, runCommand } from '../run-command.ts';
import type { PageAct } from './page-input.ts';

/** A page that this transaction holds, the moment, and who acts. */
export interface HeldPage {
  readonly page: PageRow;
  readonly moment: PageMoment;
  readonly actor: PageActor;
}

/** Runs an act on one page, which nobody else changes meanwhile: of two clicks at once, the second sees the first. */
export function actOnPage<I extends PageAct, T>(
  context: CommandContext,
  call: { readonly name: string; readonly input: I },
  work: (tx: Transaction, held: HeldPage) => Promise<CommandOutcome<T>>,
): Promise<CommandResult<T>> {
  return runCommand(context, call, async (tx) => {
    const held = await holdPage(tx, context, call.input);
    return held.ok ? work(tx, held.value) : held;
  });
}

async function holdPage(
  tx: Transaction,
  context: CommandContext,
  input: PageAct,
): Promise<CommandOutcome<HeldPage>> {
  const found = await readPage(tx, input.page);
  const page = found === null ? null : await lockPage(tx, found.id);
  if (page === null) {
    return refuse('not_found', 'page/unknown', { message: `There is no page "${input.page}".` });
  }
  const person = input.by ?? context.caller?.person ?? null;
  const refusal = await refuseStranger(tx, person);
  if (refusal !== null) return refusal;
  const moment = await pageMoment(tx);
  return {
    ok: true,
    value: { page, moment, actor: { at: moment.now, person, actor: context.actor, via: input.via } },
  };
}

/** Refuses a person whom nobody knows; null is a program. */
export async function refuseStranger(
  tx: Transaction,
  person: string | null,
): Promise<{ readonly ok: false; readonly error: CommandError } | null> {
  if (person === null || (await readNames(tx, [person])).has(person)) return null;
  const message = `There is no person "${person}". Name somebody of the configuration.`;
  return refuse('not_found', 'person/unknown', { message });
}

/** Refuses what only an open page can do, and says who ended it. */
export function refuseResolved({
  page,
}: HeldPage): { readonly ok: false; readonly error: CommandError } | null {
  const { resolved } = page;
  if (resolved === null) return null;
  const who = resolved.person ?? resolved.actor;
  const message = `The page #${page.number} is over: ${who} resolved it at ${new Date(resolved.at).toISOString()}. Trigger a new one.`;
  return refuse('conflict', 'page/resolved', { message });
}
