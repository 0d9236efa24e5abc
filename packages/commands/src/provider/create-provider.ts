import {
  countEndpointsLocked,
  findProvider,
  insertProvider,
  newId,
  type ProviderKind,
  type ProviderRow,
  type Transaction,
} from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import type { CommandError, CommandResult } from '../command.ts';
import { MAX_ENDPOINTS } from '../delivery/create-endpoint.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import { FORWARDED_EVENTS } from './forward-pages.ts';
import {
  filterProblems,
  keyProblem,
  makeProviderUrl,
  noSecretKey,
  PROVIDER_URLS,
  type ProviderRules,
} from './provider-input.ts';

export interface CreateProviderInput {
  readonly kind: ProviderKind;
  readonly name: string;
  /** PagerDuty: the integration key of a service, Events API v2. Opsgenie: the key of an API integration. */
  readonly key: string;
  readonly region?: 'us' | 'eu' | undefined;
  /** Instead of a region: the address of its API, without a path. */
  readonly url?: string | undefined;
  /** Only pages of these schedules or of these policies. Both left out: every page. */
  readonly schedules?: readonly string[] | null | undefined;
  readonly policies?: readonly string[] | null | undefined;
}

export interface ProviderResult {
  readonly provider: ProviderRow;
}

/**
 * Forwards pages to another provider from now on. The key is stored encrypted and never shown again. Says everything
 * that is wrong at once; refuses a key of one of our own intakes, because pages would go round.
 */
export function createProvider(
  context: CommandContext,
  input: CreateProviderInput,
  rules: ProviderRules,
): Promise<CommandResult<ProviderResult>> {
  const { kind, name, key, region = 'us' } = input;
  const [schedules, policies] = [distinct(input.schedules), distinct(input.policies)];
  const address = input.url ?? PROVIDER_URLS[kind][region];
  // Of the key only its hash, for comparing: what is compared is stored.
  const signed = hashSecret(key).toString('hex');
  const call = { name: 'createProvider', input: { kind, name, url: address, schedules, policies, signed } };
  return runCommand(context, call, async (tx) => {
    if (rules.seal === null) return noSecretKey();
    const url = makeProviderUrl(address, rules);
    const problems = [
      ...(url.ok ? [] : url.problems),
      ...(await filterProblems(tx, { schedules, policies })),
    ];
    if (!url.ok || problems.length > 0) {
      const message = problems.map((problem) => problem.message).join(' ');
      return refuse('invalid', 'provider/invalid', { message, problems });
    }
    const wrongKey = await keyProblem(tx, key);
    if (wrongKey !== null) return { ok: false, error: wrongKey };
    if ((await countEndpointsLocked(tx)) >= MAX_ENDPOINTS) {
      const message = `There are ${MAX_ENDPOINTS} endpoints and providers already, as many as there may be.`;
      return refuse('limit', 'limit/endpoints', { message });
    }
    const id = newId('prv');
    const made = { id, kind, name, url: url.value, schedules, policies, createdBy: context.actor };
    await insertProvider(tx, {
      ...made,
      eventTypes: FORWARDED_EVENTS[kind],
      sealedKey: rules.seal(key, id),
    });
    return done({ provider: await readProvider(tx, id) });
  });
}

/** The provider as it is now, for an answer. Throws when it is not there. */
export async function readProvider(tx: Transaction, id: string): Promise<ProviderRow> {
  const row = await findProvider(tx, id);
  if (row === null) throw new Error(`provider ${id} went away under its own lock`);
  return row;
}

export function noProvider(): { readonly ok: false; readonly error: CommandError } {
  return refuse('not_found', 'provider/not-found', { message: 'There is no provider with this id.' });
}

/** Null, and nothing at all, mean every one. */
export function distinct(list: readonly string[] | null | undefined): readonly string[] | null {
  return list == null ? null : [...new Set(list)];
}
