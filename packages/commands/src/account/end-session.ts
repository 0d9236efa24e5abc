import { endSessions } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';

export interface EndSessionInput {
  readonly account: string;
  /** One session; all of the account unless said. */
  readonly session?: string;
  /** All but this one. */
  readonly except?: string;
}

/** Ends sessions of an account at once, in every process. One that has ended already is no error. */
export function endSession(
  context: CommandContext,
  input: EndSessionInput,
): Promise<CommandResult<{ readonly ended: number }>> {
  return runCommand(context, { name: 'endSession', input }, async (tx) => {
    const which = {
      ...(input.session !== undefined && { only: input.session }),
      ...(input.except !== undefined && { except: input.except }),
    };
    return done({ ended: await endSessions(tx, input.account, which) });
  });
}
