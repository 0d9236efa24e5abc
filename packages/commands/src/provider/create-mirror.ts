import {
  countMirrorsLocked,
  findMirror,
  findScheduleSummary,
  insertMirror,
  type MirrorRow,
  mirrorOfPlace,
  newId,
  scheduleReceiver,
  type Transaction,
} from '@watchbill/database';
import { hashSecret } from '../access/secret.ts';
import { plainEmail } from '../account/account-input.ts';
import type { CommandError, CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import {
  isProviderKey,
  MIRROR_URLS,
  makeProviderUrl,
  noSecretKey,
  type ProviderRules,
} from './provider-input.ts';

/** How many mirrors there may be, and how far ahead one may look. */
export const MAX_MIRRORS = 500;
export const MAX_MIRROR_DAYS = 90;
export const DEFAULT_MIRROR_DAYS = 14;

/** Of a schedule that names none. */
const ONLY_ROLE = 'primary';
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/;

export interface CreateMirrorInput {
  readonly schedule: string;
  readonly role: string;
  /** The id of a schedule of PagerDuty: `P…`. */
  readonly providerSchedule: string;
  /** A REST API key of PagerDuty that may write. */
  readonly token: string;
  /** In whose name overrides are made: the e-mail address of somebody there. */
  readonly fromEmail: string;
  readonly region?: 'us' | 'eu' | undefined;
  /** Instead of a region: the address of its API, without a path. */
  readonly url?: string | undefined;
  readonly horizonDays?: number | undefined;
}

export interface MirrorResult {
  readonly mirror: MirrorRow;
}

/**
 * Lets a schedule of PagerDuty follow a role of one of ours, by overrides. The token is stored encrypted and never
 * shown again. Only one mirror writes into a schedule there.
 */
export function createMirror(
  context: CommandContext,
  input: CreateMirrorInput,
  rules: ProviderRules,
): Promise<CommandResult<MirrorResult>> {
  const { token, region = 'us', horizonDays = DEFAULT_MIRROR_DAYS, ...rest } = input;
  const address = input.url ?? MIRROR_URLS[region];
  const signed = hashSecret(token).toString('hex');
  const call = { name: 'createMirror', input: { ...rest, url: address, horizonDays, signed } };
  return runCommand(context, call, async (tx) => {
    if (rules.seal === null) return noSecretKey();
    const url = makeProviderUrl(address, rules);
    if (!url.ok) {
      const message = url.problems.map((problem) => problem.message).join(' ');
      return refuse('invalid', 'mirror/invalid', { message, problems: url.problems });
    }
    const { schedule, role, providerSchedule } = input;
    const wrong =
      mirrorProblem({ token, fromEmail: input.fromEmail, horizonDays }) ??
      (await placeProblem(tx, schedule, role)) ??
      (await takenProblem(tx, url.value, providerSchedule));
    if (wrong !== null) return { ok: false, error: wrong };
    const id = newId('mir');
    const made = { id, schedule, role, providerSchedule, url: url.value, horizonDays };
    const fromEmail = plainEmail(input.fromEmail);
    await insertMirror(tx, {
      ...made,
      ...{ fromEmail, sealedToken: rules.seal(token, id), createdBy: context.actor },
    });
    return done({ mirror: await readMirror(tx, id) });
  });
}

/** Why a mirror cannot work like this; null when it can. */
export function mirrorProblem({
  token,
  fromEmail,
  horizonDays,
}: {
  readonly token?: string | undefined;
  readonly fromEmail: string;
  readonly horizonDays: number;
}): CommandError | null {
  if (token !== undefined && !isProviderKey(token)) {
    const message = 'This is not a REST API key of PagerDuty: copy it without blanks.';
    return { code: 'invalid', reason: 'mirror/token', message };
  }
  if (!EMAIL.test(plainEmail(fromEmail))) {
    const message =
      'fromEmail is the e-mail address of somebody at PagerDuty, in whose name overrides are made.';
    return { code: 'invalid', reason: 'mirror/from-email', message };
  }
  if (!Number.isInteger(horizonDays) || horizonDays < 1 || horizonDays > MAX_MIRROR_DAYS) {
    const message = `horizonDays is a whole number from 1 to ${MAX_MIRROR_DAYS}.`;
    return { code: 'invalid', reason: 'mirror/horizon', message };
  }
  return null;
}

async function placeProblem(tx: Transaction, schedule: string, role: string): Promise<CommandError | null> {
  const receiver = await scheduleReceiver(tx, schedule);
  const summary = receiver === null ? null : await findScheduleSummary(tx, schedule);
  if (receiver === null || summary === null) {
    const message = `There is no schedule "${schedule.slice(0, 60)}".`;
    return { code: 'not_found', reason: 'schedule/not-found', message };
  }
  const roles = receiver.roles.length === 0 ? [ONLY_ROLE] : receiver.roles;
  if (roles.includes(role)) return null;
  const message = `The schedule "${schedule}" has no role "${role.slice(0, 60)}": it has ${roles.join(', ')}.`;
  return { code: 'invalid', reason: 'mirror/role', message };
}

async function takenProblem(
  tx: Transaction,
  url: string,
  providerSchedule: string,
): Promise<CommandError | null> {
  if ((await countMirrorsLocked(tx)) >= MAX_MIRRORS) {
    const message = `There are ${MAX_MIRRORS} mirrors already, as many as there may be.`;
    return { code: 'limit', reason: 'limit/mirrors', message };
  }
  const other = await mirrorOfPlace(tx, url, providerSchedule);
  if (other === null) return null;
  const message = `The mirror ${other} writes into that schedule already; two would undo each other's work.`;
  return { code: 'conflict', reason: 'mirror/taken', message };
}

/** The mirror as it is now, for an answer. Throws when it is not there. */
export async function readMirror(tx: Transaction, id: string): Promise<MirrorRow> {
  const row = await findMirror(tx, id);
  if (row === null) throw new Error(`mirror ${id} went away under its own lock`);
  return row;
}

export function noMirror(): { readonly ok: false; readonly error: CommandError } {
  return refuse('not_found', 'mirror/not-found', { message: 'There is no mirror with this id.' });
}
