import { eventsAfter, isoInstant, type PositionedEventRow } from '@watchbill/database';
import type { EventType } from '@watchbill/events';
import { guarded } from '../access/guard.ts';
import type { Api, ApiContext } from '../context.ts';
import { ApiError } from '../http/problem.ts';
import { eventPage, eventQuery } from '../schemas/event-schema.ts';
import { refusals } from '../schemas/problem-schema.ts';

function eventJson(row: PositionedEventRow) {
  return {
    position: row.position,
    id: row.id,
    type: row.type as EventType,
    schedule: row.schedule,
    occurredAt: isoInstant(row.occurredAt),
    publishedAt: isoInstant(row.publishedAt),
    data: row.data,
  };
}

/** The stream of events, for consumers that catch up or want no webhook. */
export function addEventRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/v1/events',
    guarded('events:read', {
      operationId: 'listEvents',
      summary: 'Read the stream of events',
      description:
        'In the order of the stream, each event exactly once: begin with `after=0`, store `next`, go on from there. 410 when events after that position are no longer kept.',
      tags: ['events'],
      querystring: eventQuery,
      response: { 200: eventPage, ...refusals(410) },
    }),
    async ({ query: { after, limit, type, schedule } }) => {
      const reading = { after, limit, type: type ?? null, schedule: schedule ?? null };
      const { events, next, head, oldest } = await eventsAfter(context.database, reading);
      const firstKept = oldest ?? head + 1;
      if (after > 0 && after + 1 < firstKept) {
        throw new ApiError(
          410,
          'events/expired',
          `Events up to position ${firstKept - 1} are no longer kept. Go on with after=${firstKept - 1} and read what you missed from the timelines.`,
        );
      }
      return { data: events.map(eventJson), next, more: next < head };
    },
  );
}
