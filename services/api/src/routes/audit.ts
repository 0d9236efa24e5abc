import { auditFacts } from '@watchbill/commands';
import { type AuditRow, pageAuditChain, pageAuditNewest, readAuditHead } from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { auditHead, auditPage } from '../schemas/audit-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { line } from '../schemas/scalars.ts';

const tags = ['operation'];
const MAX_POSITION = Number.MAX_SAFE_INTEGER;
const key = z.tuple([z.int().min(0).max(MAX_POSITION)]);

function auditJson(row: AuditRow) {
  return { ...auditFacts(row), position: row.position, hash: row.hash };
}

/** The log of every command, for admins: what happened lately, and the chain to be checked. */
export function addAuditRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/v1/audit',
    guarded('admin', {
      operationId: 'listAudit',
      summary: 'What was done, by whom, from where',
      description:
        'The newest first; with `order=chain` from the first entry on, in the order of their hashes, for `watchbill audit verify`.',
      tags,
      querystring: z.strictObject({
        ...pageQuery,
        order: z.enum(['newest', 'chain']).optional(),
        actor: line(1, 200).optional(),
        command: line(1, 100).optional(),
      }),
      response: { 200: auditPage, ...refusals() },
    }),
    async ({ query: { limit, cursor, order = 'newest', actor, command } }) => {
      const query = { actor, command, limit: limit + 1 };
      const [from] = decodeCursor(cursor, key) ?? [order === 'chain' ? 0 : MAX_POSITION];
      const read = order === 'chain' ? pageAuditChain : pageAuditNewest;
      const rows = await read(database, from, query);
      return pageOf(rows, limit, {
        item: auditJson,
        key: (row) => [order === 'chain' ? (row.position ?? 0) : row.id],
      });
    },
  );
  app.get(
    '/v1/audit/head',
    guarded('admin', {
      operationId: 'auditHead',
      summary: 'The end of the audit log’s chain; keep it elsewhere to notice a log that was cut short',
      tags,
      response: { 200: auditHead, ...refusals() },
    }),
    () => readAuditHead(database),
  );
}
