import { createHash } from 'node:crypto';
import { wantSnsFetch } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, runCommand } from '../run-command.ts';
import type { SnsMessage } from './sns-message.ts';

/** So many things of one intake are fetched or remembered at once; a sender cannot make us call more often. */
export const MAX_SNS_FETCHES = 50;
/** What was fetched, or failed for good, is fetched again after this at the earliest. */
const AGAIN_AFTER_MS = 10 * 60_000;

export interface WantSnsInput {
  readonly intake: string;
  /** Checked by `snsMessageProblem` before. */
  readonly message: SnsMessage;
}

/** Asks a worker for the certificate with which a message is signed: the API itself calls nobody. */
export function wantSnsCertificate(
  context: CommandContext,
  { intake, message }: WantSnsInput,
): Promise<CommandResult<{ readonly asked: boolean }>> {
  const url = String(message.SigningCertURL);
  return want(context, { key: `certificate.${sum(url)}`, intake, kind: 'certificate', url, message: null });
}

/** Asks a worker to check the signature of a subscription's confirmation, and to confirm it. */
export function wantSnsConfirmation(
  context: CommandContext,
  { intake, message }: WantSnsInput,
): Promise<CommandResult<{ readonly asked: boolean }>> {
  const url = String(message.SubscribeURL);
  const key = `confirmation.${intake}.${sum(String(message.TopicArn))}`;
  return want(context, { key, intake, kind: 'confirmation', url, message });
}

function want(
  context: CommandContext,
  wish: Parameters<typeof wantSnsFetch>[1],
): Promise<CommandResult<{ readonly asked: boolean }>> {
  return runCommand(context, { name: 'wantSnsFetch', input: wish, audited: false }, async (tx) =>
    done({ asked: await wantSnsFetch(tx, wish, { most: MAX_SNS_FETCHES, againAfterMs: AGAIN_AFTER_MS }) }),
  );
}

function sum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
