import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HorizonSettings, PlannerThread } from '@watchbill/commands';
import type { Database } from '@watchbill/database';
import type { Queues } from '@watchbill/queue';
import type { Logger, Metrics, Settings } from '@watchbill/runtime';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Authenticator } from './access/authenticator.ts';
import type { OnCallCache } from './on-call/on-call-cache.ts';
import type { ServerClock } from './on-call/server-clock.ts';

/** The settings that the API needs. */
export type ApiSettings = Pick<
  Settings,
  | 'host'
  | 'port'
  | 'publicUrl'
  | 'rateLimitPerMinute'
  | 'trustedProxies'
  | 'horizonWeeks'
  | 'startingSoonMinutes'
  | 'webhookAllowedNetworks'
>;

/** Everything that routes may use. */
export interface ApiContext {
  readonly database: Database;
  readonly queues: Queues;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly settings: ApiSettings;
  readonly horizon: HorizonSettings;
  readonly clock: ServerClock;
  readonly authenticator: Authenticator;
  readonly onCall: OnCallCache;
  /** Makes and explains plans in a thread of its own. */
  readonly planning: PlannerThread;
}

/** The server, with requests and answers typed by their zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse<IncomingMessage>,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Adds some routes. */
export type AddRoutes = (app: Api, context: ApiContext) => void;
