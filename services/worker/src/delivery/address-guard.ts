import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = readonly [Address, number];

/** `public`: anybody's host. `allowed`: a network that the operator named. `blocked`: everything else. */
export type AddressVerdict = 'public' | 'allowed' | 'blocked';

/** Judges one IP address, as text; a text that is no address is blocked. */
export type AddressGuard = (address: string) => AddressVerdict;

/** The only part of IPv6 that is handed out for hosts on the internet. */
const GLOBAL_UNICAST: Network = ipaddr.parseCIDR('2000::/3');

/**
 * A guard that lets public addresses pass, and private, loopback, link-local, carrier-grade NAT, multicast, mapped,
 * translated and reserved ones only where one of `allowedNetworks` (CIDR, such as `10.0.0.0/8` or `fd00::/8`) holds
 * them. An IPv4-mapped IPv6 address is judged against the networks as the IPv4 address it stands for.
 * Throws for a text that is not a CIDR.
 */
export function createAddressGuard(allowedNetworks: readonly string[]): AddressGuard {
  const networks = allowedNetworks.map(parseNetwork);
  return (text) => {
    if (isIP(text) === 0) return 'blocked';
    const address = ipaddr.parse(text);
    const plain = ipaddr.process(text);
    if (networks.some((network) => holds(network, plain))) return 'allowed';
    return isPublic(address) ? 'public' : 'blocked';
  };
}

function parseNetwork(text: string): Network {
  if (!ipaddr.isValidCIDR(text)) {
    throw new Error(`"${text}" is not a network: write an address and a prefix length, such as 10.0.0.0/8`);
  }
  return ipaddr.parseCIDR(text);
}

function holds([network, length]: Network, address: Address): boolean {
  return network.kind() === address.kind() && address.match([network, length] as [Address, number]);
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || holds(GLOBAL_UNICAST, address);
}
