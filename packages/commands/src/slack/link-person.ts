import {
  deleteSlackLink,
  lockSlackLinks,
  readNames,
  type SlackAccount,
  type SlackLinkOrigin,
  saveSlackLink,
} from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';

export interface LinkPersonInput extends SlackAccount {
  readonly person: string;
  /** How it is known that they are the same; `hand` unless said. */
  readonly origin?: SlackLinkOrigin | undefined;
}

export interface LinkedPerson extends SlackAccount {
  readonly person: string;
  readonly name: string;
}

/** Links an account of Slack to a person. Older links of either in this workspace are undone. */
export function linkPerson(
  context: CommandContext,
  input: LinkPersonInput,
): Promise<CommandResult<LinkedPerson>> {
  return runCommand(context, { name: 'linkPerson', input }, async (tx) => {
    const { workspace, slackUser, person, origin = 'hand' } = input;
    const name = (await readNames(tx, [person])).get(person);
    if (name === undefined) {
      return refuse('not_found', 'person/not-found', { message: `There is no person "${person}".` });
    }
    await lockSlackLinks(tx, workspace);
    await saveSlackLink(tx, { workspace, slackUser, person, origin });
    return done({ workspace, slackUser, person, name });
  });
}

/** Undoes the link of an account. A person whose account stands in the configuration stays known by that. */
export function unlinkPerson(
  context: CommandContext,
  input: SlackAccount,
): Promise<CommandResult<{ readonly person: string }>> {
  return runCommand(context, { name: 'unlinkPerson', input }, async (tx) => {
    const { workspace, slackUser } = input;
    await lockSlackLinks(tx, workspace);
    const person = await deleteSlackLink(tx, { workspace, slackUser });
    if (person !== null) return done({ person });
    return refuse('not_found', 'slack/not-linked', {
      message: 'This account is not linked, or only by the configuration. Change it there.',
    });
  });
}
