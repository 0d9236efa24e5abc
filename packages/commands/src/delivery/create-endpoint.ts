import type { Problem } from '@watchbill/core';
import {
  countEndpointsLocked,
  type EndpointSummaryRow,
  insertEndpoint,
  newId,
  unknownSchedules,
} from '@watchbill/database';
import { isEventPattern, MAX_EVENT_PATTERNS, nearestEventPattern } from '@watchbill/events';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { readEndpoint } from './disable-endpoint.ts';
import { newEndpointSecret } from './endpoint-secret.ts';
import { makeEndpointUrl } from './endpoint-url.ts';

/** How many endpoints there may be. Each event is held against every one of them. */
export const MAX_ENDPOINTS = 100;
/** How many schedules one endpoint may name; for more, name none and hear of all. */
export const MAX_ENDPOINT_SCHEDULES = 1_000;
export const MAX_DESCRIPTION_LENGTH = 500;

export interface CreateEndpointInput {
  readonly url: string;
  readonly description?: string;
  /** Types (`shift.started`), families (`shift.*`) or `*`. */
  readonly eventTypes: readonly string[];
  /** Null or left out: every schedule. */
  readonly schedules?: readonly string[] | null;
}

/** An endpoint just made. `secret` is null where the answer is a stored one: it is shown once. */
export interface IssuedEndpoint {
  readonly endpoint: EndpointSummaryRow;
  readonly secret: string | null;
}

/**
 * Makes a webhook endpoint with a secret of its own. Checks the shape of the URL (`plainHttp` permits `http:`), the
 * event types against the catalogue and that the schedules exist; says everything that is wrong at once.
 */
export function createEndpoint(
  context: CommandContext,
  input: CreateEndpointInput,
  rules: { readonly plainHttp: boolean },
): Promise<CommandResult<IssuedEndpoint>> {
  const description = input.description ?? '';
  const eventTypes = [...new Set(input.eventTypes)];
  const schedules = input.schedules == null ? null : [...new Set(input.schedules)];
  const call = {
    name: 'createEndpoint',
    input: { url: input.url, description, eventTypes, schedules },
    remember: (issued: IssuedEndpoint) => ({ ...issued, secret: null }),
  };
  return runCommand(context, call, async (tx) => {
    const url = makeEndpointUrl(input.url, rules);
    const problems = [
      ...(url.ok ? [] : url.problems),
      ...descriptionProblems(description),
      ...eventTypeProblems(eventTypes),
      ...scheduleCountProblems(schedules),
    ];
    if (problems.length === 0 && schedules !== null) {
      const unknown = new Set(await unknownSchedules(tx, schedules));
      problems.push(...unknownScheduleProblems(schedules, unknown));
    }
    if (!url.ok || problems.length > 0) {
      const message = problems.map((problem) => problem.message).join(' ');
      return refuse('invalid', 'endpoint/invalid', { message, problems });
    }
    if ((await countEndpointsLocked(tx)) >= MAX_ENDPOINTS) {
      const message = `There are ${MAX_ENDPOINTS} endpoints already, as many as there may be.`;
      return refuse('limit', 'limit/endpoints', { message });
    }
    const id = newId('end');
    const secret = newEndpointSecret();
    const secrets = [{ secret, expiresAt: null }];
    const createdBy = context.actor;
    await insertEndpoint(tx, { id, url: url.value, description, eventTypes, schedules, secrets, createdBy });
    return done({ endpoint: await readEndpoint(tx, id), secret });
  });
}

function descriptionProblems(description: string): Problem[] {
  if (description.length <= MAX_DESCRIPTION_LENGTH) return [];
  const message = `The description has at most ${MAX_DESCRIPTION_LENGTH} characters.`;
  return [{ path: ['description'], code: 'endpoint/description-length', message }];
}

function eventTypeProblems(eventTypes: readonly string[]): Problem[] {
  if (eventTypes.length === 0 || eventTypes.length > MAX_EVENT_PATTERNS) {
    const message = `Name 1 to ${MAX_EVENT_PATTERNS} event types, or "*" for all.`;
    return [{ path: ['eventTypes'], code: 'endpoint/event-type-count', message }];
  }
  return eventTypes.flatMap((pattern, index) => {
    if (isEventPattern(pattern)) return [];
    const near = nearestEventPattern(pattern);
    const advice =
      near === null ? 'Use a type such as "shift.started", "shift.*" or "*".' : `Did you mean "${near}"?`;
    const message = `"${pattern.slice(0, 60)}" is no event type. ${advice}`;
    return [{ path: ['eventTypes', index], code: 'endpoint/unknown-event-type', message }];
  });
}

function scheduleCountProblems(schedules: readonly string[] | null): Problem[] {
  if (schedules === null) return [];
  if (schedules.length > 0 && schedules.length <= MAX_ENDPOINT_SCHEDULES) return [];
  const message = `Name 1 to ${MAX_ENDPOINT_SCHEDULES} schedules, or null for every one.`;
  return [{ path: ['schedules'], code: 'endpoint/schedule-count', message }];
}

function unknownScheduleProblems(schedules: readonly string[], unknown: ReadonlySet<string>): Problem[] {
  return schedules.flatMap((id, index) => {
    if (!unknown.has(id)) return [];
    const message = `There is no schedule "${id.slice(0, 60)}".`;
    return [{ path: ['schedules', index], code: 'endpoint/unknown-schedule', message }];
  });
}
