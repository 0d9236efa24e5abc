import { type IntakeRow, type IntakeSettings, lockIntake, saveIntake } from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';
import { targetProblem } from './intake-target.ts';
import { noIntake, readIntake } from './read-intake.ts';

/** What is left out stays as it is. */
export interface ChangeIntakeInput {
  readonly intake: string;
  readonly name?: string | undefined;
  readonly policy?: string | null | undefined;
  readonly schedule?: string | null | undefined;
  /** All of them: they replace the ones before. */
  readonly settings?: IntakeSettings | undefined;
  /** null: what is sent need not be signed any more. */
  readonly signingSecret?: string | null | undefined;
}

export interface IntakeResult {
  readonly intake: IntakeRow;
}

/** Changes what an intake is called, whom its pages call, and how it reads what it is sent. Open pages stay as they are. */
export function changeIntake(
  context: CommandContext,
  input: ChangeIntakeInput,
): Promise<CommandResult<IntakeResult>> {
  const { signingSecret, ...rest } = input;
  const signed = signingSecret == null ? signingSecret : hashSecret(signingSecret).toString('hex');
  return runCommand(context, { name: 'changeIntake', input: { ...rest, signed } }, async (tx) => {
    const before = await lockIntake(tx, input.intake);
    if (before === null) return noIntake();
    const target = changedTarget(before, input);
    const wrong = await targetProblem(tx, target);
    if (wrong !== null) return { ok: false, error: wrong };
    const { name = before.name, settings = before.settings } = input;
    await saveIntake(tx, { id: before.id, name, ...target, settings, signingSecret });
    return done({ intake: await readIntake(tx, before.id) }, { intake: before });
  });
}

/** Naming the one takes the place of the other. */
function changedTarget(before: IntakeRow, { policy, schedule }: ChangeIntakeInput) {
  if (policy == null && schedule == null) return { policy: before.policy, schedule: before.schedule };
  return { policy: policy ?? null, schedule: schedule ?? null };
}
