import { createFactSheetLink, revokeFactSheetLink } from '@watchbill/commands';
import { factSheetMarkdown, withFirstNames } from '@watchbill/core';
import {
  type FactSheetLinkRow,
  findScheduleSummary,
  isoInstant,
  listFactSheetLinks,
} from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { readFactSheet } from '../fact-sheet/read-fact-sheet.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import { sendText } from '../http/send-text.ts';
import {
  factSheet,
  factSheetLinkPage,
  issuedFactSheetLink,
  newFactSheetLink,
} from '../schemas/fact-sheet-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id, madeId } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const tags = ['schedules'];
const params = z.strictObject({ schedule: id });

/** A rotation in a few figures. */
export function addFactSheetRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/schedules/:schedule/fact-sheet',
    guarded('schedules:read', {
      operationId: 'getFactSheet',
      summary: 'A schedule in a few figures: what it covers, who takes part, how often one is on call',
      description:
        'By the shifts of the next 13 weeks and the pages of the last 13. With `Accept: text/markdown` the same as a page of Markdown.',
      tags,
      params,
      response: {
        200: {
          description: 'The fact sheet.',
          content: { 'application/json': { schema: factSheet }, 'text/markdown': { schema: z.string() } },
        },
        ...refusals(404, 422),
      },
    }),
    async (request, reply) => {
      const whole = found(await readFactSheet(context, request.params.schedule), 'schedule');
      const sheet = { ...whole, ...withFirstNames(whole) };
      void reply.header('vary', 'accept');
      if (request.headers.accept?.includes('text/markdown') === true) {
        return sendText(reply, 'text/markdown; charset=utf-8', factSheetMarkdown(sheet, sheet));
      }
      return reply.type('application/json; charset=utf-8').send({
        ...sheet,
        roles: [...sheet.roles],
        coreWindows: sheet.coreWindows.map((one) => ({ ...one, days: [...one.days] })),
        people: sheet.people.map((one) => ({ ...one })),
      });
    },
  );
}

function linkJson({ createdAt, expiresAt, revokedAt, lastOpenedAt, ...row }: FactSheetLinkRow) {
  return {
    ...{ ...row, createdAt: isoInstant(createdAt), expiresAt: isoOrNull(expiresAt) },
    ...{ revokedAt: isoOrNull(revokedAt), lastOpenedAt: isoOrNull(lastOpenedAt) },
  };
}

/** Secret addresses of a fact sheet: make, list without the secrets, revoke. */
export function addFactSheetLinkRoutes(app: Api, context: ApiContext): void {
  app.post(
    '/v1/schedules/:schedule/fact-sheet/links',
    guarded('schedules:write', {
      operationId: 'createFactSheetLink',
      summary: 'Make a secret address at which anybody reads the fact sheet',
      description:
        'For candidates and new joiners. The address is shown this once. Whoever has it needs no account, and sees first names only unless `fullNames` is true.',
      tags,
      params,
      body: newFactSheetLink,
      response: { 201: issuedFactSheetLink, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { fullNames = false, expiresAt = null } = request.body;
      const { secret, ...issued } = valueFrom(
        await createFactSheetLink(commandContext(context, request), {
          ...{ ...request.params, fullNames, expiresAt },
        }),
        reply,
      );
      void reply.code(201);
      return { ...issued, url: secret === null ? null : `${context.settings.publicUrl}/f/${secret}` };
    },
  );
  app.get(
    '/v1/schedules/:schedule/fact-sheet/links',
    guarded('schedules:write', {
      operationId: 'listFactSheetLinks',
      summary: 'List the secret addresses of a fact sheet',
      tags,
      params,
      querystring: z.strictObject(pageQuery),
      response: { 200: factSheetLinkPage, ...refusals(404) },
    }),
    async ({ params: { schedule }, query: { limit, cursor } }) => {
      found(await findScheduleSummary(context.database, schedule), 'schedule');
      const [after] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [''];
      const rows = await listFactSheetLinks(context.database, schedule, { after, limit: limit + 1 });
      return pageOf(rows, limit, { item: linkJson, key: (row) => [row.id] });
    },
  );
  app.delete(
    '/v1/schedules/:schedule/fact-sheet/links/:link',
    guarded('schedules:write', {
      operationId: 'revokeFactSheetLink',
      summary: 'Revoke a secret address of a fact sheet at once',
      tags,
      params: z.strictObject({ schedule: id, link: madeId('fsl') }),
      response: { 204: z.undefined(), ...refusals(404) },
    }),
    async (request, reply) => {
      valueFrom(await revokeFactSheetLink(commandContext(context, request), request.params), reply);
      return reply.code(204).send();
    },
  );
}
