import {
  type ChannelTarget,
  type Instant,
  PAGE_STATES,
  type PageState,
  type SkippedStep,
  type ToldPerson,
} from '@watchbill/core';
import type { Queryable } from '../connection.ts';
import { statement } from '../statement.ts';
import { type NotificationRow, notificationsOfPage } from './notifications.ts';
import { type FlatPage, PAGE_COLUMNS, type PageRow, type PageVia, readPage, toPage } from './pages.ts';

/** A step that fired. */
export interface PageStepRow {
  readonly number: number;
  readonly round: number;
  readonly pass: number;
  readonly kind: 'step' | 'assigned' | 'last_resort';
  /** Counted from 0 in the policy. */
  readonly step: number;
  readonly firedAt: Instant;
  readonly lateMs: number;
  readonly told: readonly ToldPerson[];
  readonly targets: readonly ChannelTarget[];
  /** The steps before it that were passed over at the same instant. */
  readonly skipped: readonly SkippedStep[];
}

/** A page with the steps it took and everybody who was, or is to be, told. */
export interface PageDetail extends PageRow {
  readonly steps: readonly PageStepRow[];
  readonly notifications: readonly NotificationRow[];
}

/** One line of what happened to a page. */
export interface PageLogRow {
  readonly sequence: number;
  readonly at: Instant;
  /** `triggered`, `escalated`, `acknowledged`, `snoozed`, `retriggered`, `reassigned`, `handed_over`, `noted`, … */
  readonly kind: string;
  readonly person: string | null;
  readonly actor: string | null;
  readonly via: PageVia | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** How much of a page is read at most. */
export const PAGE_STEPS_READ = 500;
export const PAGE_NOTIFICATIONS_READ = 2_000;
export const PAGE_LOG_READ = 2_000;

const STEPS = statement(
  'reads.pages.steps',
  `SELECT number, round, pass, kind, step, fired_at AS "firedAt", late_ms AS "lateMs", told, targets, skipped
   FROM page_steps WHERE page_id = $1 ORDER BY number LIMIT $2`,
);
const LOG = statement(
  'reads.pages.log',
  `SELECT sequence, at, kind, person, actor, via, detail FROM page_log WHERE page_id = $1
   ORDER BY sequence LIMIT $2`,
);
const PAGE = statement(
  'reads.pages.page',
  `SELECT ${PAGE_COLUMNS} FROM pages
   WHERE number < $1 AND state = ANY($2::text[]) AND ($3::text IS NULL OR schedule_id = $3)
     AND ($4::text IS NULL OR acknowledged_by = $4 OR assigned_to = $4
       OR EXISTS (SELECT FROM notifications n WHERE n.page_id = pages.id AND n.person = $4))
   ORDER BY number DESC LIMIT $5`,
);

/** A page by its id or number, with its steps and notifications; null when there is none. */
export async function findPage(queryable: Queryable, ref: string): Promise<PageDetail | null> {
  const page = await readPage(queryable, ref);
  if (page === null) return null;
  const steps = await queryable.query<PageStepRow>(STEPS, [page.id, PAGE_STEPS_READ]);
  const notifications = await notificationsOfPage(queryable, page.id, PAGE_NOTIFICATIONS_READ);
  return { ...page, steps, notifications };
}

/**
 * Pages, the newest first, that came before the number `after` (null: from the newest on). `person`: only those of
 * which they were told, that they acknowledged, or that were given to them.
 */
export async function pagePages(
  queryable: Queryable,
  page: {
    readonly states?: readonly PageState[] | null;
    readonly schedule?: string | null;
    readonly person?: string | null;
    readonly after?: number | null;
    readonly limit: number;
  },
): Promise<PageRow[]> {
  const { states, schedule, person, after, limit } = page;
  const values = [after ?? Number.MAX_SAFE_INTEGER, states ?? PAGE_STATES, schedule ?? null, person ?? null];
  return (await queryable.query<FlatPage>(PAGE, [...values, limit])).map(toPage);
}

/** What happened to a page, in order. */
export function pageLog(queryable: Queryable, page: string): Promise<PageLogRow[]> {
  return queryable.query<PageLogRow>(LOG, [page, PAGE_LOG_READ]);
}
