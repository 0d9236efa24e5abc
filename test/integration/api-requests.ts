import * as fc from 'fast-check';
import type { Description, JsonSchema, Operation } from './api-description.ts';
import type { ApiRequest } from './api-fixture.ts';

export interface MadeRequest {
  readonly operation: Operation;
  readonly path: string;
  readonly request: ApiRequest;
}

/** Values that have broken other programs. */
const HOSTILE_TEXTS = [
  ...[
    '',
    ' ',
    '\u0000',
    '\uD800',
    '\uFFFF',
    '\u202Etxt.exe',
    'é'.repeat(300),
    'x'.repeat(70_000),
    '💥'.repeat(100),
  ],
  ...[
    "' OR 1=1 --",
    "'; DROP TABLE watchbill.shifts; --",
    '$1',
    '%s%n',
    '../../etc/passwd',
    '{{7*7}}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant as it stands.
    '${jndi:ldap://x}',
  ],
  ...[
    '<script>alert(1)</script>',
    '\r\nset-cookie: a=b',
    '{"level":"fatal"}\n{"a":1}',
    'null',
    'NaN',
    '-0',
    '1e309',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'nobody',
    'team',
    '2026-02-30T00:00:00Z',
    '0000-00-00',
  ],
];
const HOSTILE_NUMBERS = [-1, 0, 0.5, 1e21, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308];

const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...HOSTILE_TEXTS, ...HOSTILE_NUMBERS, null, true, false, [], {}, [[[[]]]]),
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const instantText = fc
  .date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

const MAX_DEPTH = 6;
const MAX_ITEMS = 4;

/** Values of a schema of the document; about one in eight places holds something else. */
function looseValue(schema: JsonSchema, description: Description, depth = 0): fc.Arbitrary<unknown> {
  const right = rightValue(description.resolve(schema), description, depth);
  return fc.oneof({ weight: 7, arbitrary: right }, { weight: 1, arbitrary: hostile });
}

function rightValue(schema: JsonSchema, description: Description, depth: number): fc.Arbitrary<unknown> {
  const examples = schema.examples as readonly unknown[] | undefined;
  const options = (schema.anyOf ?? (schema.type === undefined ? schema.oneOf : undefined)) as
    | readonly JsonSchema[]
    | undefined;
  if (schema.enum !== undefined) return fc.constantFrom(...(schema.enum as unknown[]));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (options !== undefined) {
    return fc.oneof(...options.map((option) => rightValue(description.resolve(option), description, depth)));
  }
  switch (schema.type) {
    case 'string': {
      if (schema.format === 'date-time') return instantText;
      const made = fc.string({ maxLength: 30 });
      return examples === undefined
        ? fc.oneof(made, fc.constantFrom('amara', 'payments', 'primary'))
        : fc.oneof(made, fc.constantFrom(...examples));
    }
    case 'integer':
    case 'number':
      return fc.integer({
        min: Number(schema.minimum ?? 0),
        max: Math.min(Number(schema.maximum ?? 1000), 2 ** 31),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      if (depth > MAX_DEPTH) return fc.constant([]);
      return fc.array(looseValue((schema.items ?? {}) as JsonSchema, description, depth + 1), {
        maxLength: MAX_ITEMS,
      });
    case 'object':
      return objectOf(schema, description, depth);
    default:
      return hostile;
  }
}

function objectOf(schema: JsonSchema, description: Description, depth: number): fc.Arbitrary<unknown> {
  if (depth > MAX_DEPTH) return fc.constant({});
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const shape = Object.fromEntries(
    properties.map(([name, inner]) => [name, looseValue(inner, description, depth + 1)]),
  );
  const requiredKeys = ((schema.required ?? []) as string[]).filter((name) => name in shape);
  const right = fc.record(shape, { requiredKeys: requiredKeys as never[] });
  const examples = schema.examples as readonly unknown[] | undefined;
  const odd = fc
    .tuple(right, fc.constantFrom('extra', '__proto__', 'constructor', ''))
    .map(([value, key]) => ({ ...(value as object), [key]: 1 }));
  const arbitraries = [
    { weight: 8, arbitrary: right as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: odd as fc.Arbitrary<unknown> },
  ];
  if (examples !== undefined) arbitraries.push({ weight: 4, arbitrary: fc.constantFrom(...examples) });
  return fc.oneof(...arbitraries);
}

function asText(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).replace(/\p{Surrogate}/gu, '?');
}

/** A header value that can be sent at all: what cannot is the client's own refusal. */
function asHeader(value: unknown): string {
  return asText(value)
    .replace(/[^\x20-\x7e\xa0-\xff]/g, '?')
    .slice(0, 4_000)
    .trim();
}

/** Requests to one operation, made from the document alone. `ids` are ids that may exist, by the name of the parameter. */
export function requestsTo(
  operation: Operation,
  description: Description,
  ids: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<MadeRequest> {
  const { parameters, bodySchemas } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const path = fc.tuple(
    ...inPath.map(({ name, schema }) =>
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom<unknown>(...(ids[name] ?? ['x'])) },
        { weight: 1, arbitrary: looseValue(schema, description) },
      ),
    ),
  );
  const query = fc.record(
    Object.fromEntries(inQuery.map(({ name, schema }) => [name, looseValue(schema, description)])),
    { requiredKeys: inQuery.filter(({ required }) => required).map(({ name }) => name) as never[] },
  );
  const oddQuery = fc.oneof(
    { weight: 9, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.webQueryParameters() },
  );
  const headers = fc.record(
    {
      'idempotency-key': fc.oneof(fc.uuid(), hostile.map(asHeader)),
      'if-match': fc.oneof(fc.constantFrom('"1"', '"2"', '*'), hostile.map(asHeader)),
      'if-none-match': fc.oneof(fc.constantFrom('*', '"1"'), hostile.map(asHeader)),
    },
    { requiredKeys: [] },
  );
  const types = Object.keys(bodySchemas);
  const body = types.length === 0 ? fc.constant(undefined) : bodyOf(bodySchemas, description);
  return fc.tuple(path, query, oddQuery, headers, body).map(([steps, asked, odd, extra, content]) => {
    let place = 0;
    const filled = operation.path.replace(/\{[^}]+\}/g, () => encodeURIComponent(asText(steps[place++])));
    const search = [
      ...Object.entries(asked).map(
        ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(asText(value))}`,
      ),
      ...(odd === '' ? [] : [odd]),
    ].join('&');
    const sent = content === undefined ? {} : { body: content.text };
    const type = content === undefined ? {} : { 'content-type': content.type };
    return {
      operation,
      path: search === '' ? filled : `${filled}?${search}`,
      request: { method: operation.method, headers: { ...extra, ...type }, ...sent },
    };
  });
}

function bodyOf(
  schemas: Readonly<Record<string, JsonSchema>>,
  description: Description,
): fc.Arbitrary<{ readonly type: string; readonly text: string }> {
  const described = Object.entries(schemas).map(([type, schema]) =>
    looseValue(schema, description).map((value) => ({
      type,
      text:
        typeof value === 'string' && type !== 'application/json'
          ? value.replace(/\p{Surrogate}/gu, '?')
          : JSON.stringify(value),
    })),
  );
  const odd = fc.record({
    type: fc.constantFrom(
      'application/json',
      'text/plain',
      'application/yaml',
      'multipart/form-data',
      'application/json; charset=utf-16',
      'x',
    ),
    text: fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.constantFrom('{', '[1,]', '"', '\uFEFF{}', '{"a":1}{"b":2}', '\u0000'),
    ),
  });
  return fc.oneof({ weight: 6, arbitrary: fc.oneof(...described) }, { weight: 1, arbitrary: odd });
}
