import type { Attempt } from '@watchbill/commands';
import type { ProviderKind } from '@watchbill/database';

const UNAUTHORIZED = new Set([401, 402, 403]);
/** Of a request that came too late, too early or too often: it may come again. */
const PASSING = new Set([408, 425, 429]);
const NOT_FOUND = 404;

/**
 * Why no repetition would help, by what a provider answered; undefined where one may. `refused`: it does not take our
 * key, or there is no such API at this address. `dropped`: it does not take this one request.
 */
export function incurable(
  kind: ProviderKind,
  { outcome, statusCode, responseExcerpt }: Pick<Attempt, 'outcome' | 'statusCode' | 'responseExcerpt'>,
): Attempt['incurable'] {
  if (outcome !== 'status_4xx' || statusCode === null || PASSING.has(statusCode)) return undefined;
  if (UNAUTHORIZED.has(statusCode)) return 'refused';
  const said = responseExcerpt ?? '';
  switch (kind) {
    case 'pagerduty':
      // A key that it does not know is to PagerDuty one of the faults of an event.
      return statusCode === NOT_FOUND || /routing.?key/i.test(said) ? 'refused' : 'dropped';
    case 'opsgenie':
      // An alert that is not there, and an address that is not Opsgenie's, have the same status.
      return statusCode === NOT_FOUND && !/alert/i.test(said) ? 'refused' : 'dropped';
  }
}
