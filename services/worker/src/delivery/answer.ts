import { MAX_EXCERPT_BYTES } from '@watchbill/commands';
import type { AttemptOutcome } from '@watchbill/events';

/** What is read of an answer before its connection is cut instead of used again. */
const MAX_ANSWER_BYTES = 65_536;
/** How long we wait for the rest of an answer whose status is known already. */
export const ANSWER_BODY_WAIT_MS = 2_000;
const MAX_ERROR_CHARACTERS = 300;

/** The outcome that a final status stands for. */
export function outcomeOfStatus(status: number): AttemptOutcome {
  if (status >= 200 && status < 300) return 'delivered';
  if (status >= 300 && status < 400) return 'status_3xx';
  if (status >= 400 && status < 500) return 'status_4xx';
  if (status >= 500 && status < 600) return 'status_5xx';
  return 'bad_answer';
}

/**
 * The pause that a `Retry-After` header asks for, in milliseconds from `now`: seconds or an HTTP date. Null when there
 * is no header or it says nothing that can be understood.
 */
export function retryAfterMs(header: string | string[] | undefined, now: number): number | null {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Za-z]{3},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/**
 * The first bytes of an answer. Reads on to the end, so that the connection can be used again, but no more than a
 * limit and no longer than `ANSWER_BODY_WAIT_MS`; then the connection is cut. Never rejects: the status has decided.
 */
export async function readExcerpt(
  body: NodeJS.ReadableStream & { destroy(): unknown },
): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => body.destroy(), ANSWER_BODY_WAIT_MS);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (size < MAX_EXCERPT_BYTES) chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) break;
    }
  } catch {
    // Cut short by the receiver, by the clock or by us: what came so far is the excerpt.
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
  return size === 0 ? null : plainText(Buffer.concat(chunks).subarray(0, MAX_EXCERPT_BYTES).toString('utf8'));
}

/** A text that is safe to store, log and show: line breaks become spaces, control and invisible characters go. */
export function plainText(text: string): string {
  return text.replace(/[\r\n\t]+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '');
}

/** What an error says, in one bounded line. */
export function errorLine(error: unknown): string {
  const inner = error instanceof AggregateError && error.message === '' ? error.errors[0] : error;
  const message = inner instanceof Error ? inner.message || inner.name : String(inner);
  return plainText(message).slice(0, MAX_ERROR_CHARACTERS);
}
