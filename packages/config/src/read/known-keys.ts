import type { z } from 'zod';
import type { PathStep } from '../config-error.ts';
import { valueAt } from './value-at.ts';

type Schema = z.core.$ZodType;

/** The keys that a schema of objects, lists and unions knows at a path of a model. */
export function knownKeys(schema: Schema, path: readonly PathStep[], model: unknown): readonly string[] {
  let at: Schema[] = [schema];
  path.forEach((step, index) => {
    at = at.flatMap((each) => stepInto(each, step, valueAt(model, path.slice(0, index))));
  });
  const value = valueAt(model, path);
  return [
    ...new Set(at.flatMap((each) => objectsOf(each, value).flatMap(({ shape }) => Object.keys(shape)))),
  ];
}

/** The schemas of a key or of an item, inside a schema; `value` says which option of a union is meant. */
export function stepInto(schema: Schema, step: PathStep, value: unknown): Schema[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
      return stepInto(def.innerType, step, value);
    case 'array':
      return typeof step === 'number' ? [def.element] : [];
    case 'union':
      return optionsOf(def, value).flatMap((option) => stepInto(option, step, value));
    case 'object': {
      const inner = def.shape[step];
      return inner === undefined ? [] : [inner];
    }
    default:
      return [];
  }
}

function objectsOf(schema: Schema, value: unknown): z.core.$ZodObjectDef[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
      return objectsOf(def.innerType, value);
    case 'union':
      return optionsOf(def, value).flatMap((option) => objectsOf(option, value));
    case 'object':
      return [def];
    default:
      return [];
  }
}

/** The options of a union that a value can mean: of a discriminated one, only the one it names. */
function optionsOf(def: z.core.$ZodUnionDef, value: unknown): readonly Schema[] {
  const { discriminator } = def as Partial<z.core.$ZodDiscriminatedUnionDef>;
  if (discriminator === undefined) return def.options;
  const named = valueAt(value, [discriminator]);
  const options = def.options.filter((option) => {
    const allowed = (option as z.core.$ZodTypes)._zod.propValues?.[discriminator];
    return allowed?.has(named as string | undefined) === true;
  });
  return options.length > 0 ? options : def.options;
}
