import { isCertificate, isSignedBySns } from '@watchbill/commands';
import {
  type Database,
  findSnsCertificate,
  type LeasedSnsFetch,
  type SnsFetchEnd,
  saveSnsCertificate,
} from '@watchbill/database';
import type { SnsFetcher } from './sns-fetcher.ts';

/** The pauses after failures of the network; after the last one it is given up, and asked for anew by the next message. */
const RETRY_MS = [1_000, 5_000, 30_000, 120_000, 600_000] as const;

export interface SnsFetching {
  readonly database: Database;
  readonly fetcher: SnsFetcher;
  readonly signal: AbortSignal;
}

/**
 * Does one thing that SNS wants: keeps a certificate, or confirms a subscription whose signature holds. Rejects only
 * when it is aborted, or the database cannot be reached.
 */
export async function doSnsFetch(tools: SnsFetching, wish: LeasedSnsFetch): Promise<SnsFetchEnd> {
  if (wish.kind === 'certificate') {
    const certificate = await certificateOf(tools, wish.url, wish.attempts);
    return 'pem' in certificate ? over('fetched', null) : certificate.end;
  }
  const message = wish.message ?? {};
  const certificate = await certificateOf(tools, String(message.SigningCertURL), wish.attempts);
  if (!('pem' in certificate)) return certificate.end;
  if (!isSignedBySns(message, certificate.pem)) {
    return over('bad_signature', 'The signature of the message does not hold; nothing was confirmed.');
  }
  const answer = await tools.fetcher.fetch(wish.url, tools.signal);
  if (answer.kind === 'failed') return again(answer.outcome, answer.detail, wish.attempts);
  return over('confirmed', `Subscribed to ${String(message.TopicArn)}.`);
}

async function certificateOf(
  { database, fetcher, signal }: SnsFetching,
  url: string,
  attempts: number,
): Promise<{ readonly pem: string } | { readonly end: SnsFetchEnd }> {
  const known = await findSnsCertificate(database, url);
  if (known !== null && isCertificate(known, Date.now())) return { pem: known };
  const answer = await fetcher.fetch(url, signal);
  if (answer.kind === 'failed') return { end: again(answer.outcome, answer.detail, attempts) };
  if (!isCertificate(answer.text, Date.now())) {
    return { end: over('bad_certificate', 'What is there is no certificate that is valid now.') };
  }
  await saveSnsCertificate(database, url, answer.text);
  return { pem: answer.text };
}

function over(outcome: string, detail: string | null): SnsFetchEnd {
  return { outcome, detail, againMs: null };
}

function again(outcome: string, detail: string, attempts: number): SnsFetchEnd {
  return { outcome, detail, againMs: RETRY_MS[attempts] ?? null };
}
