import {
  countIntakePages,
  isoInstant,
  listIntakePages,
  type NotificationRow,
  notificationsOfPage,
  type OpenIntake,
  type PageLogRow,
  pageLog,
} from '@watchbill/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../http/problem.ts';
import { sendJson } from './door.ts';
import { pageOfAlert } from './opsgenie-actions.ts';
import { alertInList } from './opsgenie-alert.ts';
import {
  admitted,
  footOf,
  nameOf,
  notProcessable,
  type OpsgenieRoutes,
  unsupported,
} from './opsgenie-door.ts';
import { readAlertQuery } from './opsgenie-query.ts';
import { textOf } from './plain-text.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const MAX_OFFSET = 20_000;
const MAX_RECIPIENTS = 500;

/** Lists and counts alerts, and tells what happened to one: `GET /v2/alerts`, `/count`, `/{id}/notes`, `/{id}/logs`. */
export function addListRoutes({ add, context, door }: OpsgenieRoutes): void {
  const { database, settings } = context;
  const inTurn = async <T>(request: FastifyRequest, work: (intake: OpenIntake) => Promise<T>): Promise<T> => {
    const intake = await admitted(door, request);
    return door.inTurn({ caller: intake.id, request }, () => work(intake));
  };

  add('GET', '/v2/alerts', (request, reply) =>
    inTurn(request, async (intake) => {
      const filter = filterOf(request);
      const page = pageOf(request);
      const rows = await listIntakePages(database, { intake: intake.id, filter }, page);
      const paging = pagingOf(`${settings.publicUrl}/v2/alerts`, request, {
        ...page,
        full: rows.length === page.limit,
      });
      return sendJson(reply, 200, {
        data: rows.map((row) => alertInList(row, intake)),
        paging,
        ...footOf(reply),
      });
    }),
  );
  add('GET', '/v2/alerts/count', (request, reply) =>
    inTurn(request, async (intake) => {
      const count = await countIntakePages(database, { intake: intake.id, filter: filterOf(request) });
      return sendJson(reply, 200, { data: { count }, ...footOf(reply) });
    }),
  );
  const addLines = (list: string, lineOf: (row: PageLogRow) => object | null): void =>
    add('GET', `/v2/alerts/:identifier/${list}`, (request, reply) =>
      inTurn(request, async (intake) => {
        const page = await pageOfAlert({ database, intake }, nameOf(request));
        if (page === null) throw noAlert();
        const lines = (await pageLog(database, page.id)).map(lineOf).filter((line) => line !== null);
        return sendLines(reply, lines, pageOf(request));
      }),
    );
  add('GET', '/v2/alerts/:identifier/recipients', (request, reply) =>
    inTurn(request, async (intake) => {
      const page = await pageOfAlert({ database, intake }, nameOf(request));
      if (page === null) throw noAlert();
      const rows = await notificationsOfPage(database, page.id, MAX_RECIPIENTS);
      return sendJson(reply, 200, { data: rows.flatMap(recipientOf), ...footOf(reply) });
    }),
  );
  add('GET', '/v2/alerts/:identifier/:list', async (request) => {
    await admitted(door, request);
    throw unsupported((request.params as { readonly list?: string }).list ?? '');
  });
  addLines('notes', (row) =>
    row.kind === 'noted' ? { note: textOf(row.detail.text), ...factsOf(row) } : null,
  );
  addLines('logs', (row) => ({ log: row.kind, type: 'system', ...factsOf(row) }));
}

function noAlert(): ApiError {
  return new ApiError(404, 'opsgenie/alert', 'Alert does not exist.');
}

/** Somebody who was, or is to be, told. */
function recipientOf({ person, status, way, createdAt, finishedAt }: NotificationRow): object[] {
  if (person === null) return [];
  const times = { createdAt: isoInstant(createdAt), updatedAt: isoInstant(finishedAt ?? createdAt) };
  return [{ user: { id: person, username: person }, state: status, method: way ?? 'none', ...times }];
}

interface ListPage {
  readonly oldestFirst: boolean;
  readonly offset: number;
  readonly limit: number;
}

function sendLines(
  reply: FastifyReply,
  lines: readonly object[],
  { oldestFirst, offset, limit }: ListPage,
): FastifyReply {
  const sorted = oldestFirst ? lines : [...lines].reverse();
  return sendJson(reply, 200, { data: sorted.slice(offset, offset + limit), paging: {}, ...footOf(reply) });
}

function factsOf({ person, actor, at, sequence }: PageLogRow): object {
  return { owner: person ?? actor ?? 'System', createdAt: isoInstant(at), offset: String(sequence) };
}

function filterOf(request: FastifyRequest) {
  const read = readAlertQuery(textOf(queryOf(request).query));
  if (!read.ok) throw notProcessable({ query: read.error });
  return read.filter;
}

function pageOf(request: FastifyRequest): ListPage {
  const { limit, offset, order = 'desc' } = queryOf(request);
  if (order !== 'asc' && order !== 'desc')
    throw notProcessable({ order: 'order must be one of [asc, desc].' });
  return {
    oldestFirst: order === 'asc',
    limit: numberIn(limit, { name: 'limit', from: 1, to: MAX_LIMIT, or: DEFAULT_LIMIT }),
    // Logs and notes name their place by a text of their own; what is no number begins at the front.
    offset: numberIn(offset, { name: 'offset', from: 0, to: MAX_OFFSET, or: 0 }),
  };
}

function numberIn(
  value: unknown,
  {
    name,
    from,
    to,
    or,
  }: { readonly name: string; readonly from: number; readonly to: number; readonly or: number },
): number {
  if (value === undefined || value === '') return or;
  const number = Number(textOf(value) || Number.NaN);
  if (Number.isInteger(number) && number >= from && number <= to) return number;
  throw notProcessable({ [name]: `${name} must be a number from ${from} to ${to}.` });
}

function pagingOf(
  url: string,
  request: FastifyRequest,
  { offset, limit, full }: ListPage & { readonly full: boolean },
): object {
  const at = (place: number): string => {
    const words = new URLSearchParams();
    for (const [name, value] of Object.entries(queryOf(request))) words.set(name, textOf(value));
    words.set('limit', String(limit));
    words.set('offset', String(place));
    return `${url}?${words}`;
  };
  return {
    ...(full && { next: at(offset + limit) }),
    ...(offset > 0 && { prev: at(Math.max(0, offset - limit)) }),
    first: at(0),
  };
}

function queryOf(request: FastifyRequest): Readonly<Record<string, unknown>> {
  return request.query as Record<string, unknown>;
}
