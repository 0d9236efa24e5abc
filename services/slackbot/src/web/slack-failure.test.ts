import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { expect, test } from 'vitest';
import { failureOf } from './slack-failure.ts';

const lost = (code: string) => {
  const original = new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
  return new WebAPIRequestError(original);
};

test('knows what was surely not sent from what Slack may have taken', () => {
  expect(failureOf(lost('ECONNREFUSED')).kind).toBe('unreachable');
  expect(failureOf(lost('ENOTFOUND')).kind).toBe('unreachable');
  expect(failureOf(lost('UND_ERR_SOCKET')).kind).toBe('unknown');
  expect(failureOf(lost('ECONNRESET')).kind).toBe('unknown');
  expect(failureOf(new WebAPIRequestError(new DOMException('slow', 'TimeoutError'))).kind).toBe('unknown');
  expect(failureOf(new WebAPIHTTPError(503, 'Unavailable', {})).kind).toBe('unknown');
  expect(failureOf(new SyntaxError('<html>')).kind).toBe('unknown');
});

test('takes a refusal for what it is, unless Slack says that something may have been done', () => {
  const refused = (error: string) => failureOf(new WebAPIPlatformError({ ok: false, error }));
  expect(refused('channel_not_found')).toEqual({ kind: 'refused', reason: 'channel_not_found' });
  expect(refused('fatal_error').kind).toBe('unknown');
  expect(refused('ratelimited').kind).toBe('rate_limited');
});

test('comes again when Slack says', () => {
  expect(failureOf(new WebAPIRateLimitedError(7))).toEqual({ kind: 'rate_limited', retryAfterMs: 7_000 });
});

test('where one address refused and another one hung, nothing is sure', () => {
  const both = (codes: string[]) =>
    new WebAPIRequestError(
      new TypeError('fetch failed', {
        cause: new AggregateError(codes.map((code) => Object.assign(new Error(code), { code }))),
      }),
    );
  expect(failureOf(both(['ECONNREFUSED', 'ECONNREFUSED'])).kind).toBe('unreachable');
  expect(failureOf(both(['ECONNREFUSED', 'ECONNRESET'])).kind).toBe('unknown');
});
