import { type IntakeRow, lockIntake, setIntakeStatus } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';
import type { IntakeResult } from './change-intake.ts';
import { noIntake, readIntake } from './read-intake.ts';

/** Takes nothing more from a sender: its keys are refused. Its open pages stay open. Doing it twice changes nothing. */
export function disableIntake(
  context: CommandContext,
  input: { readonly intake: string },
): Promise<CommandResult<IntakeResult>> {
  return setStatus(context, { name: 'disableIntake', input, status: 'disabled' });
}

/** Takes signals again, by the keys that are still valid. Doing it twice changes nothing. */
export function enableIntake(
  context: CommandContext,
  input: { readonly intake: string },
): Promise<CommandResult<IntakeResult>> {
  return setStatus(context, { name: 'enableIntake', input, status: 'active' });
}

function setStatus(
  context: CommandContext,
  { name, input, status }: StatusCall,
): Promise<CommandResult<IntakeResult>> {
  return runCommand(context, { name, input }, async (tx) => {
    const before = await lockIntake(tx, input.intake);
    if (before === null) return noIntake();
    await setIntakeStatus(tx, before.id, status);
    return done({ intake: await readIntake(tx, before.id) }, { intake: before });
  });
}

interface StatusCall {
  readonly name: string;
  readonly input: { readonly intake: string };
  readonly status: IntakeRow['status'];
}
