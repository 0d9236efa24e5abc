import { createVerify, X509Certificate } from 'node:crypto';
import type { Instant } from '@watchbill/core';

/** A message of Amazon SNS, as it is signed. */
export type SnsMessage = Readonly<Record<string, unknown>>;

/** A message older than this is refused: it may have been written down and sent again. */
export const MAX_SNS_AGE_MS = 12 * 3_600_000;
const MAX_SNS_AHEAD_MS = 15 * 60_000;
const MAX_ADDRESS_LENGTH = 2_048;
const HOST = /^sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?$/;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem$/;
const TOPIC = /^arn:aws[a-z-]{0,20}:sns:[a-z0-9-]{1,30}:\d{12}:[\w.-]{1,256}$/;

/** What each type signs, in the order of the alphabet. */
const SIGNED: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

/**
 * What is wrong with the outside of a message, before any signature is looked at; null when nothing is. Only addresses
 * of Amazon SNS itself pass, so that whoever fetches them later is led nowhere else.
 */
export function snsMessageProblem(message: SnsMessage, now: Instant): string | null {
  const { Type, SignatureVersion, Signature, SigningCertURL, SubscribeURL, TopicArn, MessageId } = message;
  if (typeof Type !== 'string' || !Object.hasOwn(SIGNED, Type)) return '"Type" is none of SNS.';
  if (SignatureVersion !== '1' && SignatureVersion !== '2') return '"SignatureVersion" must be "1" or "2".';
  if (typeof Signature !== 'string' || Signature.length > 2_000) return '"Signature" is missing.';
  if (typeof TopicArn !== 'string' || !TOPIC.test(TopicArn)) return '"TopicArn" is not the name of a topic.';
  if (typeof MessageId !== 'string' || !/^[\w-]{1,100}$/.test(MessageId)) return '"MessageId" is missing.';
  if (!isCertificateAddress(SigningCertURL)) return '"SigningCertURL" is no address of Amazon SNS.';
  if (Type !== 'Notification' && !isSubscribeAddress(SubscribeURL)) {
    return '"SubscribeURL" is no address of Amazon SNS.';
  }
  const at = Date.parse(String(message.Timestamp));
  if (!(at >= now - MAX_SNS_AGE_MS && at <= now + MAX_SNS_AHEAD_MS)) {
    return '"Timestamp" is too far from now: the message is old, or a clock is wrong.';
  }
  return null;
}

/** Whether an address is that of a certificate with which SNS signs. */
export function isCertificateAddress(text: unknown): text is string {
  const url = snsAddress(text);
  return url !== null && CERTIFICATE_PATH.test(url.pathname) && url.search === '';
}

/** Whether an address confirms a subscription at SNS. */
export function isSubscribeAddress(text: unknown): text is string {
  const url = snsAddress(text);
  return url !== null && url.pathname === '/' && url.searchParams.get('Action') === 'ConfirmSubscription';
}

function snsAddress(text: unknown): URL | null {
  if (typeof text !== 'string' || text.length > MAX_ADDRESS_LENGTH || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && url.port === '' && url.hash === '';
  return url.protocol === 'https:' && isPlain && HOST.test(url.hostname) ? url : null;
}

/** Whether a text is a certificate that is valid at an instant. */
export function isCertificate(pem: string, now: Instant): boolean {
  try {
    const certificate = new X509Certificate(pem);
    const from = Date.parse(certificate.validFrom);
    const until = Date.parse(certificate.validTo);
    return from <= now && now < until && certificate.publicKey.asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

/** Whether a message carries the signature of a certificate (PEM) over what its type signs. */
export function isSignedBySns(message: SnsMessage, pem: string): boolean {
  const keys = SIGNED[String(message.Type)];
  if (keys === undefined) return false;
  const verify = createVerify(message.SignatureVersion === '1' ? 'RSA-SHA1' : 'RSA-SHA256');
  for (const key of keys) {
    const value = message[key];
    if (key === 'Subject' && (value === undefined || value === null)) continue;
    if (typeof value !== 'string') return false;
    verify.update(`${key}\n${value}\n`);
  }
  try {
    return verify.verify(new X509Certificate(pem).publicKey, String(message.Signature), 'base64');
  } catch {
    return false;
  }
}
