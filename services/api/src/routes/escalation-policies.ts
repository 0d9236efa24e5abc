import { deletePolicy } from '@watchbill/commands';
import { isoInstant, listPolicies, type PolicySummaryRow } from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { policyPage } from '../schemas/policy-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { id } from '../schemas/scalars.ts';

const tags = ['configuration'];

function policyJson(row: PolicySummaryRow) {
  return { ...row, updatedAt: isoInstant(row.updatedAt) };
}

/** Escalation policies: list with what uses them, and delete. They are made and changed by the file. */
export function addEscalationPolicyRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/escalation-policies',
    guarded('schedules:read', {
      operationId: 'listEscalationPolicies',
      summary: 'List escalation policies with what uses them',
      tags,
      querystring: z.strictObject(pageQuery),
      response: { 200: policyPage, ...refusals() },
    }),
    async ({ query: { limit, cursor } }) => {
      const [after] = decodeCursor(cursor, z.tuple([z.string().max(64)])) ?? [''];
      const rows = await listPolicies(context.database, after, limit + 1);
      return pageOf(rows, limit, { item: policyJson, key: (row) => [row.id] });
    },
  );
  app.delete(
    '/v1/escalation-policies/:policy',
    guarded('schedules:write', {
      operationId: 'deleteEscalationPolicy',
      summary: 'Delete an escalation policy that nothing uses',
      description:
        'Refused with 409 while a page that follows it is open, or an intake or a heartbeat points to it. Pages that are over keep the policy as it was.',
      tags,
      params: z.strictObject({ policy: id }),
      response: { 204: z.undefined(), ...refusals(404, 409) },
    }),
    async (request, reply) => {
      valueFrom(await deletePolicy(commandContext(context, request), request.params), reply);
      return reply.code(204).send();
    },
  );
}
