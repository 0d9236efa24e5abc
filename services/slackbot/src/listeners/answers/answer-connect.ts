import { type CommandContext, redeemConnectCode, unlinkPerson } from '@watchbill/commands';
import type { Message } from '../../blocks/elements.ts';
import { escapeWithin } from '../../blocks/text.ts';
import type { Unfit } from '../../linking/account-fitness.ts';
import { connectByEmail } from '../../linking/connect-by-email.ts';
import { refusal, said, strangerText } from '../desk/refusals.ts';
import type { Visit } from '../desk/visit.ts';

const NEXT = 'Try `/oncall me`, or open my home tab.';
const WITH_CODE = 'Ask a manager for a code and type `/oncall connect CODE`.';

const UNFIT: Readonly<Record<Unfit, string>> = {
  gone: 'Slack says that your account is deactivated.',
  bot: 'I only connect people.',
  foreign: 'Your account belongs to another workspace. I only know the people of this one.',
  hidden: `Your Slack profile shows me no e-mail. ${WITH_CODE}`,
  unconfirmed: `The e-mail of your Slack profile is not confirmed yet. Confirm it, or: ${WITH_CODE}`,
};

/** Links the visitor's account to their person: by a code, or by the verified e-mail of their profile. */
export async function answerConnect(visit: Visit, code: string | null): Promise<Message> {
  const { workspace, slackUser, person, desk } = visit;
  if (code !== null) {
    if (visit.profile?.stranger === true) return said(strangerText(visit));
    const result = await redeemConnectCode(accountContext(visit), { workspace, slackUser, code });
    return result.ok ? connected(result.value.name) : refusal(result.error);
  }
  if (person !== null) return said(`You are connected as *${escapeWithin(visit.name, 80)}* already. ${NEXT}`);
  const found = await connectByEmail(desk.deps, { workspace, slackUser });
  switch (found.kind) {
    case 'linked':
      return connected(found.linked.name);
    case 'unfit':
      return said(UNFIT[found.why]);
    case 'unknown':
      return said(
        `Nobody in the schedules has the e-mail of your Slack profile, or several have. ${WITH_CODE}`,
      );
  }
}

function connected(name: string): Message {
  return said(`You are connected as *${escapeWithin(name, 80)}*. ${NEXT}`);
}

/** Undoes the link of the visitor's account. */
export async function answerDisconnect(visit: Visit): Promise<Message> {
  const { workspace, slackUser } = visit;
  const result = await unlinkPerson(accountContext(visit), { workspace, slackUser });
  return result.ok
    ? said('You are not connected any more. I do not know you from now on.')
    : refusal(result.error);
}

/** An account acts for itself: nobody is behind it yet. */
function accountContext({ desk, key, slackUser }: Visit): CommandContext {
  return { database: desk.deps.database, actor: `slack ${slackUser}`, idempotencyKey: key };
}
