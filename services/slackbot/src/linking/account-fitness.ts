/** What we read of an account. */
export interface SlackUserFacts {
  readonly id?: string | undefined;
  readonly team_id?: string | undefined;
  readonly deleted?: boolean | undefined;
  readonly is_bot?: boolean | undefined;
  readonly is_stranger?: boolean | undefined;
  readonly is_email_confirmed?: boolean | undefined;
  readonly profile?: { readonly email?: string | undefined } | undefined;
}

/** Why an account cannot be linked by its e-mail; null when it can. */
export type Unfit = 'gone' | 'bot' | 'foreign' | 'hidden' | 'unconfirmed';

/**
 * Whether the e-mail of an account proves who it is. Somebody of another workspace, met in a channel that two share,
 * has an address that nobody here has verified.
 */
export function unfitFor(user: SlackUserFacts, workspace: string): Unfit | null {
  if (user.deleted === true) return 'gone';
  if (user.is_bot === true) return 'bot';
  if (user.is_stranger === true || (user.team_id !== undefined && user.team_id !== workspace))
    return 'foreign';
  if ((user.profile?.email ?? '') === '') return 'hidden';
  return user.is_email_confirmed === false ? 'unconfirmed' : null;
}
