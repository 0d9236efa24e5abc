import { z } from 'zod';
import { PROBLEM_TYPE } from '../http/problem.ts';
import { component } from './scalars.ts';

const problemItem = component(
  'ProblemItem',
  z.object({
    pointer: z.string().optional().describe('Where in the body, as a JSON pointer: `#/rotations/0/cadence`.'),
    parameter: z.string().optional().describe('The parameter of the path or query.'),
    header: z.string().optional(),
    code: z.string().optional(),
    detail: z.string(),
    line: z.int().optional().describe('Line of a configuration file, counted from 1.'),
    column: z.int().optional().describe('Column, counted from 1.'),
  }),
);

const problem = component(
  'Problem',
  z
    .object({
      type: z.string().describe('A name of the kind of problem; not an address.'),
      title: z.string(),
      status: z.int(),
      detail: z.string().describe('What is wrong and what to do about it.'),
      code: z.string().describe('Stable, for programs.'),
      requestId: z.string().describe('Also in the header `x-request-id`, and in our log.'),
      errors: z.array(problemItem).optional(),
    })
    .meta({
      description: 'A refusal, by RFC 9457.',
      examples: [
        {
          type: 'urn:watchbill:problem:query/invalid',
          title: 'Bad request',
          status: 400,
          detail: 'The query: one thing is wrong.',
          code: 'query/invalid',
          requestId: 'k3v9-1',
          errors: [{ parameter: 'limit', code: 'too_big', detail: 'Too big: expected number to be <=200' }],
        },
      ],
    }),
);

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request has the wrong shape.',
  401: 'No valid bearer token.',
  403: 'The token lacks the scope.',
  404: 'There is no such thing.',
  409: 'It conflicts with what is there.',
  410: 'It was there, and is gone.',
  412: 'Somebody else has changed it meanwhile.',
  413: 'The body is too large.',
  415: 'The content type is not one that this address takes.',
  422: 'The request is well-formed, but what it says cannot be.',
  428: 'Send a precondition.',
  429: 'Too many requests; see Retry-After.',
  503: 'Not available just now; try again.',
};

/** What any request with a token may be refused with. */
const ALWAYS = [400, 401, 403, 429, 503] as const;

type Refusals = Record<number, { description: string; content: Record<string, { schema: typeof problem }> }>;

/** The refusals of a route, for its `response` schema: those every route has, and the ones named. */
export function refusals(...statuses: readonly number[]): Refusals {
  return Object.fromEntries(
    [...ALWAYS, ...statuses].map((status) => [
      status,
      { description: DESCRIPTIONS[status] ?? 'Refused.', content: { [PROBLEM_TYPE]: { schema: problem } } },
    ]),
  );
}
