import { randomBytes } from 'node:crypto';
import {
  addPageLink,
  type Database,
  findPage,
  findPageLink,
  markPageLinkUsed,
  type PageDetail,
  type Queryable,
} from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandResult } from '../command.ts';
import { acknowledgePage } from '../page/acknowledge-page.ts';
import type { ActedPage } from '../page/page-input.ts';
import { resolvePage } from '../page/resolve-page.ts';
import { type CommandContext, refuse } from '../run-command.ts';

const LINK = /^wba_[A-Za-z0-9_-]{32}$/;
const SECRET_BYTES = 24;
/** A page that is older than this is not answered from a message any more. */
export const PAGE_LINK_LIFE_MS = 7 * 24 * 3_600_000;

/** Makes a link's secret for one message: whoever has it may answer this page, in this person's name. */
export async function issuePageLink(
  database: Database,
  link: { readonly page: string; readonly person: string | null },
): Promise<string> {
  const secret = `wba_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  await addPageLink(database, {
    ...link,
    hash: hashSecret(secret),
    expiresAt: Date.now() + PAGE_LINK_LIFE_MS,
  });
  return secret;
}

/** The page that a link leads to; null for one that leads nowhere, or no more. Looking changes nothing. */
export async function pageOfLink(queryable: Queryable, secret: string): Promise<PageDetail | null> {
  const link = LINK.test(secret) ? await findPageLink(queryable, hashSecret(secret)) : null;
  return link === null ? null : findPage(queryable, link.page);
}

/** Answers the page of a link in the name of whom it was sent to. */
export async function actByLink(
  context: CommandContext,
  input: {
    readonly link: string;
    readonly act: 'acknowledge' | 'resolve';
    /** By a key of the telephone; by the link itself unless said. */
    readonly via?: 'link' | 'voice';
  },
): Promise<CommandResult<ActedPage>> {
  const hash = hashSecret(input.link);
  const link = LINK.test(input.link) ? await findPageLink(context.database, hash) : null;
  if (link === null) {
    return refuse('not_found', 'link/not-found', {
      message: 'This link leads nowhere any more. Answer the page in Slack or in the web app.',
    });
  }
  const act = { page: link.page, by: link.person, via: input.via ?? ('link' as const) };
  const result = await (input.act === 'acknowledge' ? acknowledgePage : resolvePage)(context, act);
  if (result.ok) await markPageLinkUsed(context.database, hash);
  return result;
}
