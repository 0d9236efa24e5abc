import { isoInstant, liveSecrets, lockEndpoint, realNow, setEndpointSecrets } from '@watchbill/database';
import type { CommandResult } from '../command.ts';
import { type CommandContext, done, refuse, runCommand } from '../run-command.ts';
import type { IssuedEndpoint } from './create-endpoint.ts';
import { noEndpoint, readEndpoint } from './disable-endpoint.ts';
import { newEndpointSecret } from './endpoint-secret.ts';

/** How long the old secret goes on signing beside the new one, unless the caller says otherwise. */
export const OLD_SECRET_VALID_MS = 24 * 3_600_000;
export const MAX_OLD_SECRET_VALID_MS = 7 * OLD_SECRET_VALID_MS;
/** How many secrets sign at once; each is a signature in a header. */
export const MAX_LIVE_SECRETS = 3;

export interface RotateEndpointSecretInput {
  readonly endpoint: string;
  /** Milliseconds of real time; 0 ends the old secrets at once, for one that has leaked. */
  readonly oldSecretValidMs?: number;
}

/**
 * Gives an endpoint a new secret. Until the old one runs out, messages carry a signature of each, so that a receiver
 * can change over without losing one.
 */
export function rotateEndpointSecret(
  context: CommandContext,
  input: RotateEndpointSecretInput,
): Promise<CommandResult<IssuedEndpoint>> {
  const validMs = input.oldSecretValidMs ?? OLD_SECRET_VALID_MS;
  const call = {
    name: 'rotateEndpointSecret',
    input: { endpoint: input.endpoint, oldSecretValidMs: validMs },
    remember: (issued: IssuedEndpoint) => ({ ...issued, secret: null }),
  };
  return runCommand(context, call, async (tx) => {
    if (!Number.isInteger(validMs) || validMs < 0 || validMs > MAX_OLD_SECRET_VALID_MS) {
      const message = `An old secret stays valid for 0 to ${MAX_OLD_SECRET_VALID_MS} milliseconds (seven days).`;
      return refuse('invalid', 'endpoint/old-secret-valid', { message });
    }
    const endpoint = await lockEndpoint(tx, input.endpoint);
    if (endpoint === null) return noEndpoint(input.endpoint);
    const now = await realNow(tx);
    const until = isoInstant(now + validMs);
    const old = liveSecrets(endpoint.secrets, now)
      .map(({ secret, expiresAt }) => ({ secret, expiresAt: earlier(expiresAt, until) }))
      .filter(() => validMs > 0);
    if (old.length >= MAX_LIVE_SECRETS) {
      const message =
        `${MAX_LIVE_SECRETS} secrets are valid already. Wait until one has run out, ` +
        'or set oldSecretValidMs to 0 to end them all.';
      return refuse('limit', 'limit/endpoint-secrets', { message });
    }
    const secret = newEndpointSecret();
    await setEndpointSecrets(tx, endpoint.id, [{ secret, expiresAt: null }, ...old]);
    return done({ endpoint: await readEndpoint(tx, endpoint.id), secret });
  });
}

function earlier(expiresAt: string | null, until: string): string {
  return expiresAt !== null && Date.parse(expiresAt) < Date.parse(until) ? expiresAt : until;
}
