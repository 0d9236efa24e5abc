import { Agent } from 'undici';
import { createAddressGuard } from './address-guard.ts';
import { createGuardedConnect, type Resolve } from './guarded-connect.ts';

export interface GuardedAgentOptions {
  /** For a whole exchange: name, connection, request and answer, however slowly they drip. */
  readonly timeoutMs: number;
  /** Networks (CIDR) that may be called though they are private, and over plain http. */
  readonly allowedNetworks: readonly string[];
  readonly resolve?: Resolve;
}

const MAX_ANSWER_HEADER_BYTES = 16_384;

/** The one way by which the product calls other people's servers: never a private address that is not allowed. */
export function openGuardedAgent({ timeoutMs, allowedNetworks, resolve }: GuardedAgentOptions): Agent {
  const guard = createAddressGuard(allowedNetworks);
  return new Agent({
    connect: createGuardedConnect({ guard, timeoutMs, ...(resolve === undefined ? {} : { resolve }) }),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxHeaderSize: MAX_ANSWER_HEADER_BYTES,
    pipelining: 1,
  });
}
