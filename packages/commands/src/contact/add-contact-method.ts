import {
  type ContactKind,
  contactMethodsOf,
  insertContactMethod,
  insertOutbox,
  newId,
  readNames,
  type Transaction,
} from '@watchbill/database';
import { ownOrManager } from '../access/caller.ts';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { addressProblem, plainAddress } from './contact-address.ts';

export const MAX_CONTACT_METHODS = 20;
const LABEL_LIMIT = 100;

export interface AddContactInput {
  readonly person: string;
  readonly kind: ContactKind;
  readonly address: string;
  readonly label?: string | undefined;
}

/** Adds a way to reach a person, and sends a code to it; until the code comes back nobody is called by it. */
export function addContactMethod(
  context: CommandContext,
  input: AddContactInput,
): Promise<CommandResult<{ readonly id: string }>> {
  const wish = { ...input, address: plainAddress(input.kind, input.address), label: input.label ?? '' };
  return runCommand(context, { name: 'addContactMethod', input: wish }, async (tx) => {
    const { person, kind, address, label } = wish;
    const problem = addressProblem(kind, address);
    if (problem !== null) {
      return refuse('invalid', problem.code, { message: problem.message, problems: [problem] });
    }
    if (label.length > LABEL_LIMIT) {
      const message = `A label has at most ${LABEL_LIMIT} characters.`;
      return refuse('invalid', 'contact/label', { message });
    }
    if (!(await readNames(tx, [person])).has(person)) {
      return refuse('not_found', 'person/not-found', { message: `There is no person "${person}".` });
    }
    const refused = await ownOrManager(tx, context.caller, { person, schedule: null });
    if (refused !== null) return refused;
    if ((await contactMethodsOf(tx, [person])).length >= MAX_CONTACT_METHODS) {
      const message = `At most ${MAX_CONTACT_METHODS} ways a person. Remove one first.`;
      return refuse('limit', 'contact/too-many', { message });
    }
    const id = newId('ctm');
    if (!(await insertContactMethod(tx, { id, person, kind, address, label, createdBy: context.actor }))) {
      return refuse('conflict', 'contact/known', { message: 'This way is there already.' });
    }
    await askForCode(tx, id);
    return done({ id });
  });
}

/** Has a worker make a code and send it; the code itself never lies in a queue. */
export async function askForCode(tx: Transaction, contactMethod: string): Promise<void> {
  await insertOutbox(tx, [
    {
      key: `contact.${contactMethod}.${newId('ask')}`,
      queue: 'notifications',
      name: 'contact.verify',
      payload: { contactMethod },
    },
  ]);
}
