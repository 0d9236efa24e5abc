import { describe, expect, it } from 'vitest';
import { createAddressGuard } from './address-guard.ts';

describe('createAddressGuard', () => {
  const guard = createAddressGuard([]);

  it.each(['1.1.1.1', '8.8.8.8', '172.15.255.255', '172.32.0.0', '100.63.255.255', '2606:4700:4700::1111'])(
    'lets %s pass',
    (address) => {
      expect(guard(address)).toBe('public');
    },
  );

  it.each([
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1'],
    ...['127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.0.2.1'],
    ...['192.88.99.1', '192.168.1.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.1.1.1'],
    ...['240.0.0.1', '255.255.255.255', '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8'],
    ...[
      '::ffff:7f00:1',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd12:3456::1',
      'fec0::1',
      'ff02::1',
      '100::1',
    ],
    ...['64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001::1', '2001:db8::1', '3fff::1', '4000::1'],
    ...['localhost', 'example.com', '127.1', '0x7f000001', '2130706433', '', '1.1.1.1:80'],
  ])('blocks %s', (address) => {
    expect(guard(address)).toBe('blocked');
  });

  it('lets pass what the operator named, and nothing beside it', () => {
    const open = createAddressGuard(['127.0.0.0/8', 'fd00::/8']);
    expect(open('127.0.0.1')).toBe('allowed');
    expect(open('::ffff:127.0.0.1')).toBe('allowed');
    expect(open('fd12::1')).toBe('allowed');
    expect(open('8.8.8.8')).toBe('public');
    expect(open('10.0.0.1')).toBe('blocked');
    expect(open('::1')).toBe('blocked');
    expect(open('fc00::1')).toBe('blocked');
  });

  it.each(['10.0.0.0', 'localhost', '10.0.0.0/33', '', '10.0.0.0/8,127.0.0.0/8'])(
    'refuses the network %j',
    (text) => {
      expect(() => createAddressGuard([text])).toThrow(/is not a network/);
    },
  );
});
