import {
  changeIntake,
  createIntake,
  deleteIntake,
  disableIntake,
  enableIntake,
  type IntakeResult,
  rotateIntakeKey,
} from '@watchbill/commands';
import type { Problem } from '@watchbill/core';
import {
  findIntake,
  type IntakeKind,
  type IntakeRow,
  type IntakeSettings,
  isoInstant,
  listIntakes,
  listSnsFetches,
  pageIntakeChanges,
} from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { decodeCursor, pageOf, pageQuery } from '../http/cursor.ts';
import { found } from '../http/not-found.ts';
import { ApiError, problemItem } from '../http/problem.ts';
import { type Door, openDoor } from '../intake/door.ts';
import { addPingRoutes } from '../intake/heartbeat-routes.ts';
import { mappingProblems } from '../intake/mapping.ts';
import { addOpsgenieRoutes } from '../intake/opsgenie-routes.ts';
import { addPagerdutyRoutes } from '../intake/pagerduty-routes.ts';
import { trySample } from '../intake/try-sample.ts';
import { addWebhookRoutes } from '../intake/webhook-routes.ts';
import {
  intake,
  intakeChange,
  intakeChangeEventPage,
  intakeFetches,
  intakePage,
  intakeTrial,
  issuedIntake,
  keyRotation,
  newIntake,
  trialResult,
} from '../schemas/intake-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { madeId } from '../schemas/scalars.ts';
import { isoOrNull } from './iso.ts';

const tags = ['intakes'];
const params = z.strictObject({ intake: madeId('int') });
const idKey = z.tuple([z.string().max(64)]);
const MAX_FETCHES = 100;

/** Everything about intakes: where senders come in, and how the doors are made. */
export function addIntakeRoutes(app: Api, context: ApiContext): void {
  const door = openDoor(context);
  addWebhookRoutes(app, context, door);
  addPagerdutyRoutes(app, context, door);
  addOpsgenieRoutes(app, context, door);
  addPingRoutes(app, context, door);
  addIntakeWriteRoutes(app, context, door);
  addIntakeDeleteRoutes(app, context, door);
  addIntakeReadRoutes(app, context);
  addIntakeRecordRoutes(app, context);
}

function intakeJson(row: IntakeRow) {
  return {
    ...row,
    settings: row.settings as z.input<typeof newIntake>['settings'] & object,
    createdAt: isoInstant(row.createdAt),
    updatedAt: isoInstant(row.updatedAt),
    lastUsedAt: isoOrNull(row.lastUsedAt),
  };
}

function addIntakeWriteRoutes(app: Api, context: ApiContext, { intakes }: Door): void {
  const issued = (row: IntakeRow, key: string | null) => ({
    intake: intakeJson(row),
    key,
    url: urlOf(context.settings.publicUrl, row.kind, key),
  });
  app.post(
    '/v1/intakes',
    guarded('intakes:write', {
      operationId: 'createIntake',
      summary: 'Make an intake: a door for the signals of one program',
      description: 'Its key is shown this once; only its hash is stored.',
      tags,
      body: newIntake,
      response: { 201: issuedIntake, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      refuseMapping(request.body.settings);
      const made = valueFrom(await createIntake(commandContext(context, request), request.body), reply);
      void reply.code(201).header('location', `/v1/intakes/${made.intake.id}`);
      return issued(made.intake, made.key);
    },
  );
  app.post(
    '/v1/intakes/:intake/rotate-key',
    guarded('intakes:write', {
      operationId: 'rotateIntakeKey',
      summary: 'Give an intake a new key',
      description: 'The keys before go on working for a while, so that no signal is lost in between.',
      tags,
      params,
      body: keyRotation.optional(),
      response: { 200: issuedIntake, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const input = { ...request.params, oldKeyValidMs: request.body?.oldKeyValidMs };
      const made = valueFrom(await rotateIntakeKey(commandContext(context, request), input), reply);
      intakes.forget();
      return issued(made.intake, made.key);
    },
  );
  app.patch(
    '/v1/intakes/:intake',
    guarded('intakes:write', {
      operationId: 'changeIntake',
      summary: 'Change an intake, or switch it off or on',
      tags,
      params,
      body: intakeChange,
      response: { 200: intake, ...refusals(404, 409, 413, 415, 422) },
    }),
    async (request, reply) => {
      const { status, ...fields } = request.body;
      refuseMapping(fields.settings);
      const command = commandContext(context, request);
      let changed: IntakeResult | null = null;
      if (Object.keys(fields).length > 0) {
        changed = valueFrom(await changeIntake(command, { ...request.params, ...fields }), reply);
      }
      if (status !== undefined) {
        const change = status === 'active' ? enableIntake : disableIntake;
        changed = valueFrom(await change(command, request.params), reply);
      }
      intakes.forget();
      const row =
        changed?.intake ?? found(await findIntake(context.database, request.params.intake), 'intake');
      return intakeJson(row);
    },
  );
}

function addIntakeDeleteRoutes(app: Api, context: ApiContext, { intakes }: Door): void {
  app.delete(
    '/v1/intakes/:intake',
    guarded('intakes:write', {
      operationId: 'deleteIntake',
      summary: 'Delete an intake of which no page is open',
      description:
        'Its keys work no more. Refused with 409 while a page of it is open; pages that are over stay.',
      tags,
      params,
      response: { 204: z.undefined(), ...refusals(404, 409) },
    }),
    async (request, reply) => {
      valueFrom(await deleteIntake(commandContext(context, request), request.params), reply);
      intakes.forget();
      return reply.code(204).send();
    },
  );
}

function addIntakeReadRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/v1/intakes',
    guarded('intakes:read', {
      operationId: 'listIntakes',
      summary: 'List intakes, without their keys',
      tags,
      querystring: z.strictObject(pageQuery),
      response: { 200: intakePage, ...refusals() },
    }),
    async ({ query: { limit, cursor } }) => {
      const [after] = decodeCursor(cursor, idKey) ?? [''];
      const rows = await listIntakes(database, after, limit + 1);
      return pageOf(rows, limit, { item: intakeJson, key: (row) => [row.id] });
    },
  );
  app.get(
    '/v1/intakes/:intake',
    guarded('intakes:read', {
      operationId: 'getIntake',
      summary: 'One intake',
      tags,
      params,
      response: { 200: intake, ...refusals(404) },
    }),
    async (request) => intakeJson(found(await findIntake(database, request.params.intake), 'intake')),
  );
  app.post(
    '/v1/intakes/:intake/try',
    guarded('intakes:read', {
      operationId: 'tryIntake',
      summary: 'Show what a sample would do, without doing it',
      tags,
      params,
      body: intakeTrial,
      response: { 200: trialResult, ...refusals(404, 413, 415, 422) },
    }),
    async (request) => {
      const { sample, settings, resource = '' } = request.body;
      refuseMapping(settings);
      const row = found(await findIntake(database, request.params.intake), 'intake');
      const tried = settings === undefined ? row : { ...row, settings };
      return trySample(database, tried, { sample, resource });
    },
  );
}

/** What senders said has changed, and what was fetched for them. */
function addIntakeRecordRoutes(app: Api, { database }: ApiContext): void {
  app.get(
    '/v1/intakes/:intake/changes',
    guarded('intakes:read', {
      operationId: 'listIntakeChanges',
      summary: 'What senders said has changed, newest first',
      tags,
      params,
      querystring: z.strictObject(pageQuery),
      response: { 200: intakeChangeEventPage, ...refusals(404) },
    }),
    async ({ params: { intake: id }, query: { limit, cursor } }) => {
      found(await findIntake(database, id), 'intake');
      const [before] = decodeCursor(cursor, idKey) ?? [''];
      const rows = await pageIntakeChanges(database, { intake: id, before, limit: limit + 1 });
      const item = ({ intake: _, ...row }: (typeof rows)[number]) => ({
        ...row,
        links: [...row.links],
        happenedAt: isoInstant(row.happenedAt),
        createdAt: isoInstant(row.createdAt),
      });
      return pageOf(rows, limit, { item, key: (row) => [row.id] });
    },
  );
  app.get(
    '/v1/intakes/:intake/fetches',
    guarded('intakes:read', {
      operationId: 'listIntakeFetches',
      summary: 'SNS: the certificates and confirmations that were fetched for an intake',
      tags,
      params,
      response: { 200: intakeFetches, ...refusals(404) },
    }),
    async (request) => {
      const { id } = found(await findIntake(database, request.params.intake), 'intake');
      const rows = await listSnsFetches(database, id, MAX_FETCHES);
      return {
        data: rows.map(({ kind, outcome, detail, attempts }) => ({ kind, outcome, detail, attempts })),
      };
    },
  );
}

/** Paths are checked here, where they are used. */
function refuseMapping(settings: IntakeSettings | undefined): void {
  const problems: readonly Problem[] =
    settings?.mapping === undefined ? [] : mappingProblems(settings.mapping);
  if (problems.length === 0) return;
  const detail = problems.map(({ message }) => message).join(' ');
  throw new ApiError(422, 'intake/mapping', detail, { errors: problems.map((one) => problemItem(one)) });
}

function urlOf(publicUrl: string, kind: IntakeKind, key: string | null): string | null {
  if (kind === 'pagerduty') return `${publicUrl}/v2/enqueue`;
  if (kind === 'opsgenie') return `${publicUrl}/v2/alerts`;
  return key === null ? null : `${publicUrl}/v1/intakes/${key}/${kind}`;
}
