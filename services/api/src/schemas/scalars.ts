import { FIRST_INSTANT, LAST_INSTANT, parseInstant } from '@watchbill/core';
import { z } from 'zod';

/** Schemas with a name: they become `components/schemas` of the OpenAPI document. */
export const components = z.registry<{ id?: string | undefined; [key: string]: unknown }>();

/** Gives a schema its name in the OpenAPI document. */
export function component<T extends z.ZodType>(id: string, schema: T): T {
  components.add(schema, { id });
  return schema;
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._@-]*$/;
const ID_PHRASE = 'an id: letters, digits and . _ @ -, at most 64, beginning with a letter or digit';

/** An id that people choose: of a schedule, a person, a rotation, an override. */
export const id = z.string().max(64, { error: ID_PHRASE }).regex(ID, { error: ID_PHRASE });

const MADE_ID = /^[a-z]{3}_[0-9a-z]{26}$/;

/** An id that Watchbill makes: three letters, an underscore and 26 characters. */
export function madeId(prefix: string) {
  const phrase = `an id that begins with ${prefix}_`;
  return z
    .string()
    .regex(MADE_ID, { error: phrase })
    .refine((text) => text.startsWith(`${prefix}_`), { error: phrase })
    .meta({ examples: [`${prefix}_01jd3v8w0q4m7z2k5h9t6r1c8b`] });
}

const LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]*$/u;

/** One line of text without control characters, so that it can be stored, logged and shown. */
export function line(min: number, max: number) {
  const phrase = `one line of ${min} to ${max} characters`;
  return z.string().min(min, { error: phrase }).max(max, { error: phrase }).regex(LINE, { error: phrase });
}

const INSTANT_PHRASE =
  'an instant such as 2026-11-30T09:00:00Z or 2026-11-30T10:00:00+01:00 (write + as %2B in a URL), from 1970 to 2199';

/** An instant in a request: ISO-8601 with `Z` or an offset; milliseconds since the epoch inside. */
export const instantInput = z
  .string()
  .max(40, { error: INSTANT_PHRASE })
  .transform((text, context) => {
    const instant = parseInstant(text);
    if (instant !== null && instant >= FIRST_INSTANT && instant < LAST_INSTANT) return instant;
    context.addIssue({ code: 'custom', message: `Write ${INSTANT_PHRASE}.` });
    return z.NEVER;
  })
  .meta({ format: 'date-time', examples: ['2026-11-30T09:00:00Z'] });

/** An instant in an answer: ISO-8601 UTC with `Z`, milliseconds only when they are not zero. */
export const instant = z
  .string()
  .meta({ format: 'date-time', description: 'ISO-8601 UTC with Z.', examples: ['2026-11-30T09:00:00Z'] });

/** A boolean in a query. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A page of a list. */
export function pageSchema<T extends z.ZodType>(name: string, item: T) {
  return component(
    name,
    z.object({
      data: z.array(item),
      nextCursor: z
        .string()
        .nullable()
        .describe('Send it as `cursor` for the next page; null on the last page.'),
    }),
  );
}
