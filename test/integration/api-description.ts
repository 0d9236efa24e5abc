import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The part of an answer that is held to the OpenAPI document. */
export interface CheckedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: unknown;
}

export interface Operation {
  readonly path: string;
  readonly method: string;
  readonly parameters: readonly Parameter[];
  readonly bodySchemas: Readonly<Record<string, JsonSchema>>;
  readonly open: boolean;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Description {
  readonly document: Readonly<Record<string, unknown>>;
  readonly operations: readonly Operation[];
  /** Throws unless the document describes this answer: its status, its content type and its body. */
  check(method: string, path: string, answer: CheckedAnswer): void;
  /** A schema with its references followed one step. */
  resolve(schema: JsonSchema): JsonSchema;
}

type Tree = { readonly [key: string]: Tree };

/** Refused before any operation is known: a request that took too long, or whose head is too large. */
const UNREADABLE = [408, 431];

/** Reads an OpenAPI document so that requests can be made from it and answers held to it. */
export function describedBy(document: object): Description {
  const tree = document as Tree;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/);
  ajv.addSchema({ $id: 'openapi', ...document });
  const validators = new Map<string, ValidateFunction>();
  const validatorAt = (pointer: string): ValidateFunction => {
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` });
    validators.set(pointer, known);
    return known;
  };
  const templates = Object.keys(tree.paths ?? {}).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replace(/[.]/g, '[.]').replace(/\{[^}]+\}/g, '[^/]+')}$`),
  }));

  return {
    document: tree,
    operations: operationsOf(tree),
    resolve: (schema) => {
      const name = /^#\/components\/schemas\/(.+)$/.exec(String(schema.$ref ?? ''))?.[1];
      return name === undefined ? schema : ((tree.components?.schemas?.[name] ?? {}) as JsonSchema);
    },
    check: (method, path, answer) => {
      if (UNREADABLE.includes(answer.status)) return checkProblem(validatorAt, tree, answer);
      const verb = method.toLowerCase();
      const fitting = templates.filter(({ pattern }) => pattern.test(path.split('?')[0] ?? ''));
      // An address without parameters may look like one with them, which knows other methods.
      const known = fitting.find((one) => tree.paths?.[one.path]?.[verb] !== undefined) ?? fitting[0];
      const operation = known === undefined ? undefined : tree.paths?.[known.path]?.[verb];
      if (operation === undefined) return checkProblem(validatorAt, tree, answer);
      const place = `${method} ${known?.path} ${answer.status}`;
      const response = operation.responses?.[String(answer.status)];
      if (response === undefined) throw new Error(`${place}: not described: ${answer.text.slice(0, 500)}`);
      const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
      if (answer.text === '') return;
      if (response.content?.[type] === undefined)
        throw new Error(`${place}: content type ${type} not described`);
      if (answer.json === undefined) return;
      const steps = [
        'paths',
        known?.path ?? '',
        method.toLowerCase(),
        'responses',
        String(answer.status),
        'content',
        type,
        'schema',
      ];
      const validate = validatorAt(
        steps
          .map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
          .join(''),
      );
      if (!validate(answer.json)) {
        throw new Error(
          `${place}: ${JSON.stringify(validate.errors?.slice(0, 3))} in ${answer.text.slice(0, 500)}`,
        );
      }
    },
  };
}

/** What belongs to no operation (an unknown address, a wrong method) is a problem all the same. */
function checkProblem(
  validatorAt: (pointer: string) => ValidateFunction,
  tree: Tree,
  answer: CheckedAnswer,
): void {
  if (tree.components?.schemas?.Problem === undefined) throw new Error('the document has no schema Problem');
  const validate = validatorAt('/components/schemas/Problem');
  const type = answer.headers.get('content-type');
  if (type?.startsWith('application/problem+json') !== true || !validate(answer.json)) {
    throw new Error(`no problem document: ${answer.status} ${type} ${answer.text.slice(0, 500)}`);
  }
}

function operationsOf(tree: Tree): Operation[] {
  return Object.entries(tree.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => {
      const content = (operation.requestBody?.content ?? {}) as Tree;
      return {
        path,
        method: method.toUpperCase(),
        parameters: Object.values(operation.parameters ?? {}) as unknown as Parameter[],
        bodySchemas: Object.fromEntries(
          Object.entries(content).map(([type, { schema = {} }]) => [type, schema]),
        ),
        open: Object.keys(operation.security ?? {}).length === 0,
      };
    }),
  );
}
