import { applyConfiguration } from '@watchbill/commands';
import { parseConfig, printConfig } from '@watchbill/config';
import { lastConfigurationRevision } from '@watchbill/database';
import { z } from 'zod';
import { guarded } from '../access/guard.ts';
import { appliedJson } from '../configuration/applied.ts';
import { configRefusal } from '../configuration/config-problems.ts';
import { toConfigurationDraft } from '../configuration/draft.ts';
import { storedModel } from '../configuration/stored-model.ts';
import type { Api, ApiContext } from '../context.ts';
import { commandContext, valueFrom } from '../http/command-call.ts';
import { etagOf, matchesNone } from '../http/etag.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { appliedConfiguration, applyQuery } from '../schemas/schedule-schema.ts';

const tags = ['configuration'];
/** JSON is YAML: all of these are read the same way. */
const CONTENT_TYPES = [
  'application/yaml',
  'application/x-yaml',
  'text/yaml',
  'text/x-yaml',
  'application/json',
];
const FILE = 'watchbill.yaml';

/** The whole configuration as a file: apply it, try it, print it. */
export function addConfigurationRoutes(app: Api, context: ApiContext): void {
  const { database, onCall } = context;

  // Only here is a body a text of another kind, so the parsers live in a scope of their own.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(CONTENT_TYPES, { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    (scope as Api).post(
      '/v1/configuration',
      guarded('schedules:write', {
        operationId: 'applyConfiguration',
        summary: 'Apply a watchbill.yaml',
        description:
          'The file, as YAML or JSON. Applying the same file again changes nothing. With `dryRun=true` nothing is stored, and the answer says what would change for whom. Errors carry line and column.',
        tags,
        consumes: CONTENT_TYPES,
        querystring: z.strictObject(applyQuery),
        body: z
          .string()
          .describe('The text of the file.')
          .meta({ examples: [EXAMPLE] }),
        response: { 200: appliedConfiguration, ...refusals(409, 412, 413, 415, 422) },
      }),
      async (request, reply) => {
        const { dryRun = false, effectiveAt } = request.query;
        const parsed = parseConfig(request.body, { file: FILE });
        if (!parsed.ok) throw configRefusal(parsed.errors);
        const configuration = toConfigurationDraft(parsed.config);
        const input = { configuration, source: 'api', dryRun, effectiveAt };
        const value = valueFrom(await applyConfiguration(commandContext(context, request), input), reply);
        if (!dryRun) for (const { id } of value.schedules) onCall.forget(id);
        return appliedJson(value, dryRun);
      },
    );
  });
  app.get(
    '/v1/configuration',
    guarded('schedules:read', {
      operationId: 'printConfiguration',
      summary: 'The whole configuration as a watchbill.yaml',
      description:
        'Comments of the files that were applied are not kept. Overrides made by people are not part of it.',
      tags,
      response: {
        200: { description: 'A watchbill.yaml.', content: { 'application/yaml': { schema: z.string() } } },
        304: z.undefined(),
        ...refusals(),
      },
    }),
    async (request, reply) => {
      const etag = etagOf(await lastConfigurationRevision(database));
      void reply.header('etag', etag);
      if (matchesNone(request, etag)) return reply.code(304).send();
      const text = printConfig(await storedModel(database));
      return reply.type('application/yaml; charset=utf-8').send(text);
    },
  );
}

const EXAMPLE = `version: 1
people:
  - { id: amara, name: Amara Okafor, timeZone: Europe/London }
  - { id: benji, name: Benji Cole, timeZone: Europe/London }
schedules:
  - id: payments
    timeZone: Europe/London
    rotations:
      - id: weekly
        roster: [amara, benji]
        cadence: { every: 1, unit: week }
        start: 2026-11-30T09:00
`;
