/**
 * How one attempt to send ended. The list is closed: consumers may switch over it.
 * `delivered` is a 2xx answer. `too_large`: the event is over the size limit and was not sent. `bad_answer`: the
 * answer was not HTTP. `bad_address`: the stored URL is not one we send to. `unreachable`: no route to the host, or
 * another failure of the network.
 */
export const ATTEMPT_OUTCOMES = [
  'delivered',
  'status_3xx',
  'status_4xx',
  'status_5xx',
  'timeout',
  'refused',
  'reset',
  'dns',
  'tls',
  'blocked_address',
  'unreachable',
  'bad_answer',
  'bad_address',
  'too_large',
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** Why an endpoint was disabled. */
export const DISABLED_REASONS = ['gone', 'retries_exhausted', 'refused', 'by_request'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];
