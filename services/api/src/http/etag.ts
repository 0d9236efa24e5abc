import type { FastifyRequest } from 'fastify';
import { ApiError } from './problem.ts';

/** The revision of a schedule as an entity tag: `"7"`. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** Whether `If-None-Match` names the tag, so that 304 is the answer. Weak comparison, as the RFC asks for GET. */
export function matchesNone(request: FastifyRequest, etag: string): boolean {
  const header = request.headers['if-none-match'];
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/** What a write is conditional on: a revision that must still be current, or that there is nothing yet. */
export type WriteCondition =
  | { readonly kind: 'revision'; readonly revision: number }
  | { readonly kind: 'absent' };

const REVISION_TAG = /^"(\d{1,9})"$/;

/** Reads `If-Match: "7"` or `If-None-Match: *`. Throws 428 without either, 400 for any other form. */
export function writeCondition(request: FastifyRequest): WriteCondition {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  if (ifMatch === undefined && ifNoneMatch?.trim() === '*') return { kind: 'absent' };
  if (ifMatch === undefined || ifNoneMatch !== undefined) {
    throw new ApiError(
      428,
      'precondition/required',
      'Send If-Match with the ETag that you have read, or If-None-Match: * to create.',
    );
  }
  const match = REVISION_TAG.exec(ifMatch.trim());
  if (match === null) {
    throw new ApiError(400, 'header/invalid', 'If-Match takes one ETag as it was sent, such as "7".', {
      errors: [{ header: 'if-match', detail: 'Not an ETag of this API.' }],
    });
  }
  return { kind: 'revision', revision: Number(match[1]) };
}
