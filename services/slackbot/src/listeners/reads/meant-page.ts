import { findChannelLink, latestSlackMessages, type PageRow, pagePages, readPage } from '@watchbill/database';
import type { MessageKind } from '../../message-kinds.ts';
import type { KnownVisit } from '../desk/visit.ts';

/** The page that is meant, the open ones that may be, or none. */
export type MeantPage =
  | { readonly kind: 'one'; readonly page: PageRow }
  | { readonly kind: 'several'; readonly pages: readonly PageRow[] }
  | { readonly kind: 'none'; readonly said: string };

const OPEN = ['triggered', 'acknowledged'] as const;
const PAGE: MessageKind = 'page';
const LOOKED_AT = 10;

/**
 * The page that was named; else the newest open one that was posted in this channel; else the only open one of the
 * channel's schedule, or of the visitor.
 */
export async function meantPage(visit: KnownVisit, named: string | null): Promise<MeantPage> {
  const { database } = visit.desk.deps;
  if (named !== null) {
    const page = await readPage(database, named);
    if (page !== null) return { kind: 'one', page };
    return { kind: 'none', said: `There is no page ${named}.` };
  }
  const posted = await postedHere(visit);
  if (posted !== null) return { kind: 'one', page: posted };
  const { workspace, channel, person } = visit;
  const link = channel === null ? null : await findChannelLink(database, { workspace, channel });
  const here =
    link === null
      ? []
      : await pagePages(database, { states: OPEN, schedule: link.schedule, limit: LOOKED_AT });
  const open = here.length > 0 ? here : await pagePages(database, { states: OPEN, person, limit: LOOKED_AT });
  const [first, second] = open;
  if (first === undefined)
    return { kind: 'none', said: 'There is no open page here, nor one that you were told of.' };
  return second === undefined ? { kind: 'one', page: first } : { kind: 'several', pages: open };
}

async function postedHere({ desk, workspace, channel }: KnownVisit): Promise<PageRow | null> {
  if (channel === null) return null;
  const { database } = desk.deps;
  const messages = await latestSlackMessages(database, {
    workspace,
    channel,
    kinds: [PAGE],
    limit: LOOKED_AT,
  });
  for (const { subject } of messages) {
    const page = await readPage(database, subject);
    if (page !== null && page.place.state !== 'resolved') return page;
  }
  return null;
}
