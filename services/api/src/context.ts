import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { HorizonSettings, PlannerThread } from '@watchbill/commands';
import type { Database } from '@watchbill/database';
import type { Queues } from '@watchbill/queue';
import type { Logger, Metrics, Settings } from '@watchbill/runtime';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Authenticator } from './access/authenticator.ts';
import type { EventTail } from './live/event-tail.ts';
import type { OnCallCache } from './on-call/on-call-cache.ts';
import type { ServerClock } from './on-call/server-clock.ts';
import type { PlanJobWaits } from './planning/plan-job-waits.ts';
import type { IdentityProvider } from './sign-in/identity-provider.ts';

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
  | 'signInProviders'
  | 'notify'
> &
  Partial<Pick<Settings, 'secretKeys'>>;

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
  readonly signInProviders: readonly IdentityProvider[];
  readonly onCall: OnCallCache;
  /** The end of the stream, for pages that show what happens. */
  readonly liveEvents: EventTail;
  /** Explains plans in a thread of its own. */
  readonly planning: Pick<PlannerThread, 'explain' | 'close'>;
  /** For requests that wait for a plan to be made. */
  readonly planJobs: PlanJobWaits;
  /** Takes the raw requests below `/slack/`, where the bot lives in this process. */
  readonly slackHandler?: RequestListener | null | undefined;
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
