import type { CommandError, CommandErrorCode } from '@watchbill/commands';
import type { Problem } from '@watchbill/core';

/** One thing wrong with a request. Exactly one of `pointer` (into the body), `parameter` and `header` says where. */
export interface ProblemItem {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly code?: string;
  readonly detail: string;
  readonly line?: number;
  readonly column?: number;
}

/** The body of every refusal: RFC 9457, `application/problem+json`. `code` is stable for programs. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly ProblemItem[];
}

export const PROBLEM_TYPE = 'application/problem+json';
/** At most this many errors are listed; `detail` says how many there were. */
export const MAX_PROBLEM_ITEMS = 200;
const MAX_DETAIL_CHARACTERS = 1000;

/** The one table from the reasons of commands to statuses. 429 stays with rates: repeating cannot cure a `limit`. */
const COMMAND_STATUS: Readonly<Record<CommandErrorCode, number>> = {
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  invalid: 422,
  limit: 422,
  precondition: 412,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request took too long',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition failed',
  413: 'Body too large',
  414: 'Address too long',
  415: 'Wrong content type',
  422: 'Not acceptable as it stands',
  428: 'Precondition required',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  503: 'Not available',
};

export interface ApiErrorOptions {
  readonly errors?: readonly ProblemItem[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal with everything its answer needs. Thrown anywhere in a request; the error handler writes it. */
export class ApiError extends Error {
  readonly statusCode: number;
  readonly code: string;
  readonly errors: readonly ProblemItem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, options: ApiErrorOptions = {}) {
    super(detail);
    this.statusCode = status;
    this.code = code;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}

export function problemDocument(error: ApiError, requestId: string): ProblemDocument {
  const { statusCode, code, errors } = error;
  return {
    type: `urn:watchbill:problem:${code}`,
    title: TITLES[statusCode] ?? 'Refused',
    status: statusCode,
    detail: shorten(error.message),
    code,
    requestId,
    ...(errors.length > 0 && { errors: errors.slice(0, MAX_PROBLEM_ITEMS).map(shortenItem) }),
  };
}

/** What a command refused with, as the refusal of the request. */
export function commandRefusal(error: CommandError): ApiError {
  const errors = (error.problems ?? []).map((problem) => problemItem(problem));
  return new ApiError(COMMAND_STATUS[error.code], error.reason, error.message, { errors });
}

/** A problem of the body; `from` leaves out that many leading steps of its path. */
export function problemItem(problem: Problem, from = 0): ProblemItem {
  return { pointer: pointerOf(problem.path.slice(from)), code: problem.code, detail: problem.message };
}

/** A path as a JSON pointer in fragment form: `#/rotations/0/cadence`. */
export function pointerOf(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return `#${shorten(steps.join(''))}`;
}

function shortenItem(item: ProblemItem): ProblemItem {
  return { ...item, detail: shorten(item.detail) };
}

function shorten(text: string): string {
  if (text.length <= MAX_DETAIL_CHARACTERS) return wellFormed(text);
  return `${wellFormed(text.slice(0, MAX_DETAIL_CHARACTERS))}…`;
}

/** The text with halves of surrogate pairs replaced: they are not text, and JSON readers may refuse them. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
