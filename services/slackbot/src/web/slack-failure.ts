import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';

/**
 * Why a call of the Web API did not end well. `rate_limited`: not done, and when to come again. `unreachable`: not
 * done, nothing left this machine. `unknown`: perhaps done. `refused`: not done, for a reason of Slack's.
 */
export type SlackFailure =
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Slack says of these itself that something may have been done. */
const PERHAPS_DONE = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);
/** The connection never stood, so nothing was sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const DEFAULT_RETRY_AFTER_MS = 30_000;
const SECOND_MS = 1_000;

/** Reads the error of a call. */
export function failureOf(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'rate_limited', retryAfterMs: Math.max(1, error.retryAfter) * SECOND_MS };
  }
  if (error instanceof WebAPIPlatformError) return refusalOf(error.data.error);
  if (error instanceof WebAPIHTTPError) return { kind: 'unknown', reason: `http_${error.statusCode}` };
  if (error instanceof WebAPIRequestError) return lostOf(error.original);
  // An answer that is not JSON: something between us and Slack.
  return { kind: 'unknown', reason: error instanceof Error ? error.name : 'unreadable' };
}

/** Whether a refusal is about our token or its rights, which a person has to put right. */
export function isAccessReason(reason: string): boolean {
  return ACCESS.has(reason);
}

const ACCESS = new Set([
  'account_inactive',
  'access_denied',
  'app_missing_action_url',
  'enterprise_is_restricted',
  'invalid_auth',
  'missing_scope',
  'not_authed',
  'not_allowed_token_type',
  'org_login_required',
  'team_access_not_granted',
  'token_expired',
  'token_revoked',
]);

function refusalOf(reason: string): SlackFailure {
  if (reason === 'ratelimited' || reason === 'rate_limited' || reason === 'message_limit_exceeded') {
    return { kind: 'rate_limited', retryAfterMs: DEFAULT_RETRY_AFTER_MS };
  }
  return PERHAPS_DONE.has(reason) ? { kind: 'unknown', reason } : { kind: 'refused', reason };
}

function lostOf(original: Error): SlackFailure {
  const code = codeOf(original.cause) ?? codeOf(original);
  if (code !== undefined && NEVER_SENT.has(code)) return { kind: 'unreachable', reason: code };
  return { kind: 'unknown', reason: code ?? original.name };
}

/** Of an address with several numbers, one of which may have answered: all must say the same. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) {
    const codes = new Set(error.errors.map(codeOf));
    const [code] = codes;
    return codes.size === 1 ? code : undefined;
  }
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
