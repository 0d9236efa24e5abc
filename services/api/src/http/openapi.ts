import swagger from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Api } from '../context.ts';
import { components } from '../schemas/scalars.ts';

type Json = Record<string, unknown>;

const VERSION = '0.1.0';
const TAGS = [
  { name: 'schedules', description: 'Schedules, their timelines, gaps and overrides.' },
  {
    name: 'plans',
    description: 'Plans of fair rotations: make, publish, explain; how fairly load is shared.',
  },
  { name: 'on-call', description: 'Who is on call.' },
  { name: 'configuration', description: 'The whole watchbill.yaml.' },
  { name: 'people', description: 'People and their shifts.' },
  { name: 'pages', description: 'Calls for the attention of people, and what they do about them.' },
  { name: 'slack', description: 'What the Slack bot lacks, and linking accounts.' },
  { name: 'endpoints', description: 'Webhook endpoints, deliveries and their attempts.' },
  {
    name: 'providers',
    description: 'Other paging services: pages that are forwarded, and schedules that follow who is on call.',
  },
  { name: 'events', description: 'The stream of events.' },
  { name: 'sign-in', description: 'Accounts, sessions and the links that set passwords.' },
  {
    name: 'intakes',
    description: 'Doors for the signals of other programs, and the pings that are expected of them.',
  },
  { name: 'access', description: 'Tokens and calendar feeds.' },
  { name: 'operation', description: 'Health and figures of the process.' },
];

/** Collects the routes that are added after this, from the same zod schemas that check the requests. */
export async function describeRoutes(app: Api, publicUrl: string): Promise<void> {
  const toObject = createJsonSchemaTransformObject({ schemaRegistry: components });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: {
        title: 'Watchbill',
        version: VERSION,
        description: 'On-call schedules: who is on call, when and why, and every shift event as it happens.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      tags: TAGS,
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description: 'A token (`wb_…`) with the scope that is named.',
          },
        },
      },
    },
    stripBasePath: false,
    transform: createJsonSchemaTransform({ schemaRegistry: components }),
    transformObject: (document) => withoutUnused(toObject(document)) as ReturnType<typeof toObject>,
  });
}

/** Every schema has a form for requests and one for answers; what nothing refers to only makes the document longer. */
function withoutUnused(document: object): object {
  const described = document as { components: { schemas: Json }; paths: Json };
  const { schemas } = described.components;
  const used = new Set<string>();
  const waiting: unknown[] = [described.paths];
  while (waiting.length > 0) {
    for (const name of JSON.stringify(waiting.pop()).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      const id = name[1] ?? '';
      if (used.has(id)) continue;
      used.add(id);
      waiting.push(schemas[id] ?? {});
    }
  }
  const kept = Object.entries(schemas).filter(([id]) => used.has(id));
  return { ...described, components: { ...described.components, schemas: Object.fromEntries(kept) } };
}
