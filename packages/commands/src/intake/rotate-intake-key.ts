import { countIntakeKeys, expireIntakeKeys, insertIntakeKey, lockIntake } from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import type { IssuedIntake } from './create-intake.ts';
import { newIntakeKey } from './intake-key.ts';
import { noIntake, readIntake } from './read-intake.ts';

/** How long the keys before go on working beside the new one, unless the caller says otherwise. */
export const OLD_KEY_VALID_MS = 24 * 3_600_000;
export const MAX_OLD_KEY_VALID_MS = 30 * OLD_KEY_VALID_MS;
/** How many keys of one intake are valid at once. */
export const MAX_LIVE_KEYS = 5;

export interface RotateIntakeKeyInput {
  readonly intake: string;
  /** Milliseconds of real time; 0 ends the keys before at once, for one that has leaked. */
  readonly oldKeyValidMs?: number | undefined;
}

/** Gives an intake a new key. The keys before go on working for a while, so that no sender is refused meanwhile. */
export function rotateIntakeKey(
  context: CommandContext,
  input: RotateIntakeKeyInput,
): Promise<CommandResult<IssuedIntake>> {
  const validMs = input.oldKeyValidMs ?? OLD_KEY_VALID_MS;
  const call = {
    name: 'rotateIntakeKey',
    input: { intake: input.intake, oldKeyValidMs: validMs },
    remember: (issued: IssuedIntake) => ({ ...issued, key: null }),
  };
  return runCommand(context, call, async (tx) => {
    if (!Number.isInteger(validMs) || validMs < 0 || validMs > MAX_OLD_KEY_VALID_MS) {
      const message = `An old key stays valid for 0 to ${MAX_OLD_KEY_VALID_MS} milliseconds (thirty days).`;
      return refuse('invalid', 'intake/old-key-valid', { message });
    }
    const intake = await lockIntake(tx, input.intake);
    if (intake === null) return noIntake();
    await expireIntakeKeys(tx, intake.id, validMs);
    if ((await countIntakeKeys(tx, intake.id)) >= MAX_LIVE_KEYS) {
      const message =
        `${MAX_LIVE_KEYS} keys are valid already. Wait until one has run out, ` +
        'or set oldKeyValidMs to 0 to end them all.';
      return refuse('limit', 'limit/intake-keys', { message });
    }
    const key = newIntakeKey();
    await insertIntakeKey(tx, intake.id, hashSecret(key));
    return done({ intake: await readIntake(tx, intake.id), key });
  });
}
