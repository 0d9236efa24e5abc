import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import type { LogLevel } from './settings.ts';

export type { Logger } from 'pino';

/** Fields whose value is never written, wherever they stand in a logged object (to this depth). */
const SECRET_FIELDS = [
  'password',
  'secret',
  'secrets',
  'token',
  'authorization',
  'cookie',
  'connectionString',
  'databaseUrl',
  'redisUrl',
  'idempotencyKey',
] as const;
const PREFIXES = ['', '*.', '*.*.'] as const;

/** User and password inside an address, as drivers like to quote them in messages. */
const CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']*@/gi;

/** The text without user names and passwords of addresses in it. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, '$1[redacted]@');
}

/**
 * A logger that writes one JSON line for each decision: ids and a reason, never payloads or secrets.
 * `destination` is the standard output unless given.
 */
export function createLogger(
  settings: { readonly logLevel: LogLevel },
  service: string,
  destination?: DestinationStream,
): Logger {
  const options = {
    level: settings.logLevel,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => PREFIXES.map((prefix) => `${prefix}${field}`)),
      censor: '[redacted]',
    },
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** What a log line says about an error: no fields that a driver hung onto it, no credentials. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return withoutCredentials(String(error));
  const { type, message, stack } = stdSerializers.err(error);
  const code = (error as { readonly code?: unknown }).code;
  return {
    type,
    message: withoutCredentials(message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(stack === undefined ? {} : { stack: withoutCredentials(stack) }),
  };
}
