import { createHash } from 'node:crypto';
import type { OpenIntake } from '@watchbill/database';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api, ApiContext } from '../context.ts';
import { ApiError } from '../http/problem.ts';
import { acceptedSignals } from '../schemas/intake-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';
import { type Acted, bytesOf, type Door, INTAKE_BODY_BYTES } from './door.ts';
import { takeRawBodies } from './raw-bodies.ts';
import { type JsonBody, MAX_VALUES, readJson } from './read-json.ts';
import { readSignals } from './read-signals.ts';
import { isSignedBySentry } from './sentry.ts';
import type { Signal } from './signal.ts';
import { checkSns } from './sns-checks.ts';

/** The kinds whose key stands in the address or in the header, and not in a format of their own. */
export const WEBHOOK_KINDS = ['alertmanager', 'grafana', 'generic', 'datadog', 'sentry', 'sns'] as const;
type WebhookKind = (typeof WEBHOOK_KINDS)[number];

/** Of a body that a mapping walks through. */
const MAPPED_VALUES = 20_000;
const MAX_ERRORS = 20;
const config = { unlimited: true };
const tags = ['intakes'];

declare module 'fastify' {
  interface FastifyRequest {
    /** Where a sender came in; null on every other route. */
    intake: OpenIntake | null;
  }
}

/** What a body asks for, and what makes sure that it is done once. */
interface Asked {
  readonly signals: readonly Signal[];
  readonly ignored: string | null;
  readonly onceKey?: string;
}

/** The addresses to which other programs post their webhooks: `/v1/intakes/{key}/{kind}`. */
export function addWebhookRoutes(app: Api, context: ApiContext, door: Door): void {
  app.decorateRequest('intake', null);
  void app.register(async (scope) => {
    takeRawBodies(scope, INTAKE_BODY_BYTES);
    for (const kind of WEBHOOK_KINDS) addKind(scope as unknown as Api, context, { door, kind });
  });
}

function addKind(
  scope: Api,
  context: ApiContext,
  { door, kind }: { readonly door: Door; readonly kind: WebhookKind },
): void {
  const schema = {
    tags,
    security: [],
    body: z.unknown().describe('Whatever the sender sends, up to 512 KB.'),
    response: { 200: acceptedSignals, ...refusals(404, 413, 422) },
  };
  const handler = async (request: FastifyRequest) => take(context, door, request);
  const admit = async (request: FastifyRequest): Promise<void> => {
    const { key = keyOf(request) } = request.params as { readonly key?: string };
    const intake = await door.admit(key, request);
    if (intake.kind !== kind) {
      throw new ApiError(
        404,
        'intake/other-kind',
        `This is the key of an intake of the kind ${intake.kind}.`,
      );
    }
    request.intake = intake;
  };
  scope.post(
    `/v1/intakes/${kind}`,
    {
      config,
      onRequest: admit,
      schema: {
        ...schema,
        operationId: `${kind}ByHeader`,
        summary: `Take a webhook of the kind ${kind}; its key as a bearer token`,
      },
    },
    handler,
  );
  scope.post(
    `/v1/intakes/:key/${kind}`,
    {
      config,
      onRequest: admit,
      schema: {
        ...schema,
        operationId: kind,
        summary: `Take a webhook of the kind ${kind}; its key in the address`,
        params: z.strictObject({ key: z.string().max(200).describe('The secret key of the intake.') }),
      },
    },
    handler,
  );
}

async function take({ database }: ApiContext, door: Door, request: FastifyRequest) {
  const { intake } = request;
  if (intake === null) throw new Error('a webhook was taken without its intake');
  const bytes = bytesOf(request);
  if (intake.kind === 'sentry') checkSentry(intake, bytes, headerOf(request, 'sentry-hook-signature'));
  const mapped = intake.settings.mapping !== undefined;
  const body = jsonIn(readJson(bytes, mapped ? MAPPED_VALUES : MAX_VALUES));
  const asked = await askedBy(request, intake, { database, body, bytes });
  const acted = asked.signals.length === 0 ? [] : await door.act(intake, { ...asked, request });
  return answerOf(acted, asked.ignored);
}

async function askedBy(
  request: FastifyRequest,
  intake: OpenIntake,
  sent: { readonly database: ApiContext['database']; readonly body: unknown; readonly bytes: Uint8Array },
): Promise<Asked> {
  let onceKey: string | undefined;
  if (intake.kind === 'sns') {
    const checked = await checkSns(sent.database, intake, sent.body);
    if (checked.kind === 'nothing') return { signals: [], ignored: checked.why };
    onceKey = checked.onceKey;
  }
  // Of what is signed, the same bytes are the same message: sent again by anybody, they do nothing.
  if (intake.kind === 'sentry' && intake.signingSecret !== null) onceKey = `sentry.${sumOf(sent.bytes)}`;
  const resource = headerOf(request, 'sentry-hook-resource') ?? '';
  const reading = readSignals(intake, sent.body, { resource });
  if (!reading.ok) {
    const errors = reading.errors.slice(0, MAX_ERRORS).map((detail) => ({ pointer: '#', detail }));
    const detail = `The body cannot be read as ${intake.kind}: ${reading.errors[0] ?? 'it says nothing'}`;
    throw new ApiError(400, 'intake/unreadable', detail, { errors });
  }
  const { signals, ignored } = reading;
  return { signals, ignored, ...(onceKey !== undefined && { onceKey }) };
}

function checkSentry(intake: OpenIntake, bytes: Uint8Array, signature: string | undefined): void {
  const { signingSecret } = intake;
  if (signingSecret === null || isSignedBySentry(bytes, signature, signingSecret)) return;
  const detail = 'The header Sentry-Hook-Signature does not hold for this body.';
  throw new ApiError(401, 'intake/signature', detail);
}

function jsonIn(read: JsonBody): unknown {
  if (!read.ok) throw new ApiError(400, 'body/invalid-json', read.message);
  return read.value;
}

function answerOf(acted: Acted, ignored: string | null) {
  return {
    status: acted.length > 0 ? ('accepted' as const) : ('ignored' as const),
    signals: acted.map((one) => ({ ...one })),
    ignored,
  };
}

function keyOf(request: FastifyRequest): string {
  return /^Bearer +(\S{1,200})$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function sumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
