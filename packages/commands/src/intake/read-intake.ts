import { findIntake, type IntakeRow, type Transaction } from '@watchbill/database';
import type { CommandError } from '../command.ts';
import { refuse } from '../run-command.ts';

export function noIntake(): { readonly ok: false; readonly error: CommandError } {
  return refuse('not_found', 'intake/not-found', { message: 'There is no intake with this id.' });
}

/** The intake as it is now, for an answer. Throws when it is not there. */
export async function readIntake(tx: Transaction, id: string): Promise<IntakeRow> {
  const row = await findIntake(tx, id);
  if (row === null) throw new Error(`intake ${id} went away under its own lock`);
  return row;
}
