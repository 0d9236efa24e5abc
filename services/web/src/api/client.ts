/** What the server says when it refuses: RFC 9457. `code` is stable for programs, `message` says what to do. */
export class RefusalError extends Error {
  readonly status: number;
  readonly code: string;
  readonly items: readonly RefusalItem[];

  constructor(refusal: {
    readonly status: number;
    readonly code: string;
    readonly detail: string;
    readonly errors?: readonly RefusalItem[] | undefined;
  }) {
    super(refusal.detail);
    this.name = 'RefusalError';
    this.status = refusal.status;
    this.code = refusal.code;
    this.items = refusal.errors ?? [];
  }
}

export interface RefusalItem {
  readonly pointer?: string;
  readonly detail: string;
  readonly line?: number;
  readonly column?: number;
}

export interface Answer<T> {
  readonly value: T;
  readonly etag: string | null;
}

export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  /** Sent as they are: `If-Match` so that two people cannot overwrite each other, and such. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer takes longer than this only when the server is not well, in real time. */
const TIMEOUT_MS = 30_000;

/** Reads one address. Throws a RefusalError, or an error that the server cannot be reached. */
export async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask<T>(path, signal === undefined ? {} : { signal })).value;
}

/** Reads one address with its ETag, to change it on the condition that nobody else did meanwhile. */
export function readWithEtag<T>(path: string, signal?: AbortSignal): Promise<Answer<T>> {
  return ask<T>(path, signal === undefined ? {} : { signal });
}

/**
 * Changes something. `key` makes a repeated call harmless: the same for every try of one intention. The header
 * `X-Watchbill-Request` cannot be sent by a page of another site, so a session's cookie alone changes nothing.
 */
export async function change<T>(path: string, { method, body, headers = {} }: Change): Promise<T> {
  const text = typeof body === 'string';
  const answer = await ask<T>(path, {
    method,
    headers: {
      'x-watchbill-request': '1',
      ...(body === undefined ? {} : { 'content-type': text ? 'application/yaml' : 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
  });
  return answer.value;
}

async function ask<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  const response = await fetch(path, { credentials: 'same-origin', ...init, signal });
  const etag = response.headers.get('etag');
  if (response.status === 204) return { value: undefined as T, etag };
  const type = response.headers.get('content-type') ?? '';
  const value: unknown = type.includes('json') ? await response.json() : await response.text();
  if (!response.ok) throw refusalOf(response.status, value);
  return { value: value as T, etag };
}

function refusalOf(status: number, value: unknown): RefusalError {
  const known = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  return new RefusalError({
    status,
    code: typeof known.code === 'string' ? known.code : 'unknown',
    detail: typeof known.detail === 'string' ? known.detail : `The server answered ${status}.`,
    errors: Array.isArray(known.errors) ? (known.errors as RefusalItem[]) : undefined,
  });
}
