import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

interface Bounds {
  readonly min: number;
  readonly max: number;
}

const MAX_NETWORKS = 64;
const PREFIX_PATTERN = /^\{[A-Za-z0-9_.-]{1,40}\}$/;

/** A whole number within bounds, written in decimal digits. */
export function wholeNumber(byDefault: number, { min, max }: Bounds) {
  return z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return byDefault;
      const value = toWholeNumber(text, { min, max });
      if (value !== undefined) return value;
      return refuse(context, `must be a whole number from ${min} to ${max}`);
    });
}

/** Whole numbers within bounds, separated by commas; at least one, at most `most`. */
export function numberList(
  byDefault: readonly number[],
  { min, max, most }: Bounds & { readonly most: number },
) {
  return z
    .string()
    .optional()
    .transform((text, context): readonly number[] => {
      if (text === undefined) return byDefault;
      const values = text.split(',').map((part) => toWholeNumber(part, { min, max }));
      const whole = values.filter((value) => value !== undefined);
      if (whole.length === values.length && values.length <= most) return whole;
      return refuse(context, `must be 1 to ${most} whole numbers from ${min} to ${max}, separated by commas`);
    });
}

function toWholeNumber(text: string, { min, max }: Bounds): number | undefined {
  if (!/^\s*\d{1,15}\s*$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

/** The address of the database. `?options=` is refused: it would overrule the search path of every connection. */
export function postgresUrl() {
  return z
    .string('is missing: give the address of PostgreSQL, as in postgres://user:password@host:5432/name')
    .transform((text, context) => {
      const url = toUrl(text);
      if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol)) {
        return refuse(context, 'must look like postgres://user:password@host:5432/name');
      }
      if (url.searchParams.has('options')) {
        return refuse(
          context,
          'must not carry "?options=": the search path of the connections would be lost',
        );
      }
      return text.trim();
    });
}

/** An http(s) address without a path beyond the first slash; no slash at the end. */
export function absoluteUrl() {
  return z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined;
      const url = toUrl(text);
      if (
        url !== undefined &&
        ['http:', 'https:'].includes(url.protocol) &&
        url.search === '' &&
        url.hash === ''
      ) {
        return url.href.replace(/\/+$/, '');
      }
      return refuse(context, 'must be an address that begins with http:// or https://');
    });
}

/** A prefix inside braces: in a Redis Cluster all keys of a queue must live on one node. */
export function hashTagPrefix(byDefault: string) {
  return z
    .string()
    .regex(PREFIX_PATTERN, 'must be letters, digits, ".", "_" or "-" inside braces, as in {watchbill}')
    .default(byDefault);
}

export function host(byDefault: string) {
  return z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'must be a host name or an IP address')
    .default(byDefault);
}

/** Networks such as `10.0.0.0/8` or `fd00::/8`, separated by commas. */
export function networkList() {
  return z
    .string()
    .optional()
    .transform((text, context): readonly string[] => {
      if (text === undefined) return [];
      const networks = text.split(',').map((part) => part.trim());
      if (networks.length <= MAX_NETWORKS && networks.every(isNetwork)) return networks;
      return refuse(
        context,
        `must be at most ${MAX_NETWORKS} networks such as 10.0.0.0/8, separated by commas`,
      );
    });
}

function isNetwork(text: string): boolean {
  const [address = '', bits = '', rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest !== undefined || !/^\d{1,3}$/.test(bits)) return false;
  try {
    new BlockList().addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}

/** An address that is called as it stands, with its query. */
export function callUrl() {
  return z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined;
      const url = toUrl(text);
      const plain = url !== undefined && url.username === '' && url.password === '' && url.hash === '';
      if (plain && ['http:', 'https:'].includes(url.protocol)) return url.href;
      return refuse(context, 'must be an address that begins with https:// or http://, without a password');
    });
}

export function toUrl(text: string): URL | undefined {
  return URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
