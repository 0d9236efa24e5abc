import type { AttemptOutcome } from '@watchbill/events';
import { BLOCKED_ADDRESS_CODE } from './guarded-connect.ts';

const BY_CODE: Readonly<Record<string, AttemptOutcome>> = {
  [BLOCKED_ADDRESS_CODE]: 'blocked_address',
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'bad_answer',
  UND_ERR_INVALID_ARG: 'bad_address',
  ERR_INVALID_URL: 'bad_address',
  EPROTO: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  HOSTNAME_MISMATCH: 'tls',
};

const BY_PREFIX: readonly (readonly [string, AttemptOutcome])[] = [
  ['EAI_', 'dns'],
  ['ERR_TLS_', 'tls'],
  ['ERR_SSL_', 'tls'],
  ['CERT_', 'tls'],
  ['UNABLE_TO_', 'tls'],
  ['HPE_', 'bad_answer'],
];

/** How deep causes are followed; errors can form a ring. */
const MAX_DEPTH = 5;

/** The outcome that an error of the network stands for. */
export function outcomeOfError(error: unknown): AttemptOutcome {
  return findOutcome(error, MAX_DEPTH) ?? 'unreachable';
}

function findOutcome(error: unknown, depth: number): AttemptOutcome | undefined {
  if (depth === 0 || typeof error !== 'object' || error === null) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const inner = [
    ...('errors' in error && Array.isArray(error.errors) ? error.errors : []),
    ...('cause' in error ? [error.cause] : []),
  ];
  // The cause of a socket error says more than "other side closed".
  for (const cause of inner) {
    const outcome = findOutcome(cause, depth - 1);
    if (outcome !== undefined) return outcome;
  }
  // undici's parser does not give every one of its errors a code.
  if ('name' in error && error.name === 'HTTPParserError') return 'bad_answer';
  return BY_CODE[code] ?? BY_PREFIX.find(([prefix]) => code.startsWith(prefix))?.[1];
}
