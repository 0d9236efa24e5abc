import type { Made, Problem } from '@watchbill/core';
import {
  isIntakeKey,
  type ProviderKind,
  type Transaction,
  unknownPolicies,
  unknownSchedules,
} from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandError } from '../command.ts';
import { makeEndpointUrl } from '../delivery/endpoint-url.ts';
import { refuse } from '../run-command.ts';

/** How secrets are encrypted before they are stored; `about` is the id of what they belong to. Null: they cannot be. */
export type SealSecret = ((text: string, about: string) => string) | null;

export interface ProviderRules {
  /** Permits `http:`, for networks that the operator allowed. */
  readonly plainHttp: boolean;
  readonly seal: SealSecret;
}

/** How many schedules or policies one provider may name. */
export const MAX_PROVIDER_FILTERS = 200;

/** Where the providers take pages, by region. */
export const PROVIDER_URLS: Readonly<Record<ProviderKind, { readonly us: string; readonly eu: string }>> = {
  pagerduty: { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' },
  opsgenie: { us: 'https://api.opsgenie.com', eu: 'https://api.eu.opsgenie.com' },
};

/** Where PagerDuty's REST API is, by region. */
export const MIRROR_URLS = { us: 'https://api.pagerduty.com', eu: 'https://api.eu.pagerduty.com' } as const;

/** The keys of providers are words of letters, digits and dashes; what else there is comes from careless copying. */
const KEY = /^[A-Za-z0-9_+=-]{10,200}$/;

export function isProviderKey(text: string): boolean {
  return KEY.test(text);
}

/** Checks an address and returns it without a slash at its end, so that paths can follow. */
export function makeProviderUrl(text: string, rules: Pick<ProviderRules, 'plainHttp'>): Made<string> {
  const made = makeEndpointUrl(text, rules);
  if (!made.ok) return made;
  const url = new URL(made.value);
  if (url.search !== '') {
    const message = 'Leave out the ? and what follows: paths are added to the address.';
    return { ok: false, problems: [{ path: ['url'], code: 'url/query', message }] };
  }
  return { ok: true, value: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
}

/** Why a key cannot be used; null when it can. */
export async function keyProblem(tx: Transaction, key: string): Promise<CommandError | null> {
  if (!KEY.test(key)) {
    const message =
      'This is not a key of a provider: copy the integration key of PagerDuty or the API key of Opsgenie, without blanks.';
    return { code: 'invalid', reason: 'provider/key', message };
  }
  if (await isIntakeKey(tx, hashSecret(key))) {
    const message =
      'This is the key of an intake of this server: pages would come back for ever. Use the key of the other service.';
    return { code: 'invalid', reason: 'provider/own-intake', message };
  }
  return null;
}

/** Refuses where secrets cannot be encrypted. */
export function noSecretKey(): { readonly ok: false; readonly error: CommandError } {
  return refuse('precondition', 'provider/no-secret-key', {
    message:
      'Keys of providers are stored encrypted, and WATCHBILL_SECRET_KEY is not set. Set it to 32 random bytes in base64 (openssl rand -base64 32) and start the server and the workers again.',
  });
}

/** What is wrong with the schedules and policies whose pages are to be forwarded. */
export async function filterProblems(
  tx: Transaction,
  { schedules, policies }: { readonly schedules: Filter; readonly policies: Filter },
): Promise<Problem[]> {
  const counted = [...countProblem('schedules', schedules), ...countProblem('policies', policies)];
  if (counted.length > 0) return counted;
  const noSchedule = schedules === null ? [] : await unknownSchedules(tx, schedules);
  const noPolicy = policies === null ? [] : await unknownPolicies(tx, policies);
  return [
    ...noSchedule.map((id) => problem('schedules', `There is no schedule "${id.slice(0, 60)}".`)),
    ...noPolicy.map((id) => problem('policies', `There is no escalation policy "${id.slice(0, 60)}".`)),
  ];
}

type Filter = readonly string[] | null;

function countProblem(what: 'schedules' | 'policies', list: Filter): Problem[] {
  if (list === null || (list.length > 0 && list.length <= MAX_PROVIDER_FILTERS)) return [];
  return [problem(what, `Name 1 to ${MAX_PROVIDER_FILTERS} ${what}, or leave them out.`)];
}

function problem(what: string, message: string): Problem {
  return { path: [what], code: `provider/${what}`, message };
}
