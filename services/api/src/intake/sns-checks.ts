import {
  type CommandContext,
  isCertificate,
  isSignedBySns,
  type SnsMessage,
  snsMessageProblem,
  wantSnsCertificate,
  wantSnsConfirmation,
} from '@watchbill/commands';
import { type Database, findSnsCertificate, type OpenIntake } from '@watchbill/database';
import { ApiError } from '../http/problem.ts';
import { intakeActor } from './act-on-signals.ts';
import { isObject } from './json-fields.ts';

/** A message whose signature holds, or why it asks for nothing. */
export type CheckedSns =
  | { readonly kind: 'notification'; readonly message: SnsMessage; readonly onceKey: string }
  | { readonly kind: 'nothing'; readonly why: string };

/** Until the certificate is there, SNS sends the message again: it tries three times at once, then each second or more. */
const CERTIFICATE_RETRY_SECONDS = '2';

/**
 * Checks that a message is Amazon's own, by its signature. The certificate for that is fetched by a worker, since the
 * API calls nobody: until it is there the answer is 503, and SNS sends the message again. Throws 400 for what is no
 * message, 401 for a wrong signature, 403 for a topic that is not to be heard.
 */
export async function checkSns(database: Database, intake: OpenIntake, body: unknown): Promise<CheckedSns> {
  if (!isObject(body)) throw refused(400, 'intake/unreadable', 'The body is not a message of SNS.');
  const problem = snsMessageProblem(body, Date.now());
  if (problem !== null) throw refused(400, 'intake/unreadable', problem);
  const { topics } = intake.settings;
  if (topics !== undefined && !topics.includes(String(body.TopicArn))) {
    throw refused(403, 'intake/topic', 'The settings of the intake do not name this topic.');
  }
  const context: CommandContext = { database, actor: intakeActor(intake) };
  const certificate = await findSnsCertificate(database, String(body.SigningCertURL));
  const isKnown = certificate !== null && isCertificate(certificate, Date.now());
  if (isKnown && !isSignedBySns(body, certificate)) {
    throw refused(401, 'intake/signature', 'The signature of the message does not hold.');
  }
  if (body.Type === 'SubscriptionConfirmation') {
    // The worker checks the signature again, with a certificate of its own fetching, before it confirms anything.
    await wantSnsConfirmation(context, { intake: intake.id, message: body });
    return { kind: 'nothing', why: 'The subscription is being confirmed.' };
  }
  if (body.Type === 'UnsubscribeConfirmation') return { kind: 'nothing', why: 'The subscription has ended.' };
  if (!isKnown) {
    await wantSnsCertificate(context, { intake: intake.id, message: body });
    const detail = 'The certificate of the signature is being fetched. Send the message again.';
    const headers = { 'retry-after': CERTIFICATE_RETRY_SECONDS };
    throw new ApiError(503, 'intake/certificate', detail, { headers });
  }
  return { kind: 'notification', message: body, onceKey: `sns.${String(body.MessageId)}` };
}

function refused(status: number, code: string, detail: string): ApiError {
  return new ApiError(status, code, detail);
}
