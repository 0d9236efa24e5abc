import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressGuard, AddressVerdict } from './address-guard.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Turns a host name into addresses. The system's resolver unless a caller brings its own. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const BLOCKED_ADDRESS_CODE = 'WATCHBILL_BLOCKED_ADDRESS';

/** The host leads to an address that we do not connect to. */
export class BlockedAddressError extends Error {
  readonly code = BLOCKED_ADDRESS_CODE;

  constructor(hostname: string, why: string) {
    super(`${hostname} ${why}`);
    this.name = 'BlockedAddressError';
  }
}

type Permits = (verdict: AddressVerdict) => boolean;

const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true });

/**
 * A connector for undici that judges the very address it connects to: names are looked up here, once for each
 * connection, and what is blocked is left out before a packet is sent; so a name that changes its answer after a check
 * (DNS rebinding) gains nothing. Plain http goes to networks on the allow-list only.
 */
export function createGuardedConnect(options: {
  readonly guard: AddressGuard;
  readonly timeoutMs: number;
  readonly resolve?: Resolve;
}): buildConnector.connector {
  const { guard, timeoutMs, resolve = resolveBySystem } = options;
  const connectorFor = (permits: Permits): buildConnector.connector =>
    buildConnector({ timeout: timeoutMs, lookup: guardedLookup(resolve, guard, permits) });
  const secure = { permits: isNotBlocked, connect: connectorFor(isNotBlocked) };
  const plain = { permits: isAllowed, connect: connectorFor(isAllowed) };

  return (target, callback) => {
    const { permits, connect } = target.protocol === 'https:' ? secure : plain;
    const { hostname } = target;
    // A literal address is never looked up, so it is judged here.
    if (isIP(hostname) !== 0 && !permits(guard(hostname))) {
      callback(new BlockedAddressError(hostname, whyBlocked(guard(hostname))), null);
      return;
    }
    connect(target, (...[error, socket]) => {
      if (error !== null) callback(error, null);
      else if (isPermittedPeer(socket, guard, permits)) callback(null, socket);
      else {
        socket.destroy();
        callback(new BlockedAddressError(hostname, 'led to another address than the one we judged'), null);
      }
    });
  };
}

const isNotBlocked: Permits = (verdict) => verdict !== 'blocked';
const isAllowed: Permits = (verdict) => verdict === 'allowed';

function isPermittedPeer(socket: Socket, guard: AddressGuard, permits: Permits): boolean {
  return socket.remoteAddress !== undefined && permits(guard(socket.remoteAddress));
}

function guardedLookup(resolve: Resolve, guard: AddressGuard, permits: Permits): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const usable = found.filter(({ address }) => permits(guard(address)));
        const [first] = usable;
        if (first === undefined) {
          const seen = found.some(({ address }) => guard(address) === 'public') ? 'public' : 'blocked';
          callback(new BlockedAddressError(hostname, whyBlocked(seen)), '', 0);
        } else if (options.all) callback(null, [...usable]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

function whyBlocked(verdict: AddressVerdict): string {
  return verdict === 'blocked'
    ? 'leads to a private or reserved address that is not on the allow-list'
    : 'is called over plain http, which is only for networks on the allow-list';
}
