import { type LinkedPerson, linkPerson } from '@watchbill/commands';
import { personByEmail, type SlackAccount } from '@watchbill/database';
import type { SlackDeps } from '../slack-deps.ts';
import { type Unfit, unfitFor } from './account-fitness.ts';

/** What came of an attempt to link an account by its e-mail. `unknown`: nobody in the configuration has that e-mail. */
export type ConnectedByEmail =
  | { readonly kind: 'linked'; readonly linked: LinkedPerson }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unfit'; readonly why: Unfit };

/** Links the account of whoever asks, when its verified e-mail is that of one person. Rejects when Slack does not answer. */
export async function connectByEmail(
  deps: Pick<SlackDeps, 'database' | 'clients'>,
  account: SlackAccount,
): Promise<ConnectedByEmail> {
  const { workspace, slackUser } = account;
  const { urgent } = await deps.clients(workspace);
  const { user } = await urgent.users.info({ user: slackUser });
  const why = unfitFor(user ?? {}, workspace);
  if (why !== null) return { kind: 'unfit', why };
  const person = await personByEmail(deps.database, user?.profile?.email ?? '');
  if (person === null) return { kind: 'unknown' };
  const context = { database: deps.database, actor: `slack ${slackUser}` };
  const result = await linkPerson(context, { workspace, slackUser, person, origin: 'email' });
  return result.ok ? { kind: 'linked', linked: result.value } : { kind: 'unknown' };
}
