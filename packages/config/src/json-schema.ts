import { z } from 'zod';
import { configSchema } from './model/config-schema.ts';

/**
 * The JSON Schema (draft 2020-12) of `watchbill.yaml`, for editors and other checkers. It knows the shape; the meaning
 * (people who do not exist, dates that do not exist) is checked by `parseConfig`.
 */
export function jsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(configSchema, { target: 'draft-2020-12', io: 'input' }) };
}
