import { z } from 'zod';
import { CATALOGUE, EVENT_TYPES, type EventEnvelope, type EventFacts, type EventType } from './catalogue.ts';

/** The longest body of one event on the wire, in bytes of UTF-8. */
export const MAX_BODY_BYTES = 20_480;

const instantText = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/, {
  message: 'expected an ISO-8601 instant in UTC, such as 2026-11-30T09:00:00Z',
});

/** What every `data` carries beside the facts of its type. */
export const eventTimes = z.object({
  dueAt: instantText.describe('When it was due'),
  publishedAt: instantText.describe('When it was written'),
  late: z.boolean().describe('Published more than 60 seconds after it was due'),
});
export type EventTimes = z.infer<typeof eventTimes>;

/** The facts of a type together with the times: what `data` is on the wire. */
export type EventData<T extends EventType> = EventFacts<T> & EventTimes;

/** One event as stored, checked for shape. The facts are checked by `parseEventData`. */
export const eventEnvelope = z.object({
  id: z.string().min(1).max(100),
  type: z.enum(EVENT_TYPES as [EventType, ...EventType[]]),
  schedule: z.string().nullable(),
  occurredAt: instantText,
  publishedAt: instantText,
  data: z.record(z.string(), z.unknown()),
});

/** What a webhook carries. */
export const webhookMessage = z.object({
  type: z.enum(EVENT_TYPES as [EventType, ...EventType[]]),
  timestamp: instantText,
  data: z.record(z.string(), z.unknown()),
});
export type WebhookMessage = z.infer<typeof webhookMessage>;

/** Reads an envelope from JSON. Throws a ZodError that names every wrong field. */
export function parseEnvelope(value: unknown): EventEnvelope {
  return eventEnvelope.parse(value);
}

/** Reads `data` of an event of this type. Throws a ZodError that names every wrong field. */
export function parseEventData<T extends EventType>(type: T, data: unknown): EventData<T> {
  return CATALOGUE[type].extend(eventTimes.shape).parse(data) as unknown as EventData<T>;
}

/**
 * The exact bytes that are signed and sent for an event, at every delivery and at every attempt. They come from the
 * stored event only: no clock, no counter, nothing of the endpoint.
 */
export function webhookBody(envelope: Pick<EventEnvelope, 'type' | 'occurredAt' | 'data'>): string {
  return JSON.stringify({ type: envelope.type, timestamp: envelope.occurredAt, data: envelope.data });
}
