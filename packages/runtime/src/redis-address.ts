import { toUrl } from './setting-shapes.ts';

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is: one server, a set of Sentinels that know the master, or the nodes of a Cluster. */
export type RedisAddress =
  | { readonly kind: 'server'; readonly url: string }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisNode[];
      readonly name: string;
      readonly password?: string;
      readonly sentinelPassword?: string;
    }
  | { readonly kind: 'cluster'; readonly nodes: readonly RedisNode[]; readonly password?: string };

const MAX_NODES = 32;
const SENTINEL_PORT = 26_379;
const REDIS_PORT = 6_379;
const WAYS = ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'] as const;

interface Read {
  readonly address: RedisAddress | null;
  readonly problems: readonly string[];
}

/** Reads the REDIS_… variables; none of them set means that there is no Redis. */
export function readRedisAddress(given: Readonly<Record<string, string>>): Read {
  const ways = WAYS.filter((name) => given[name] !== undefined);
  if (ways.length > 1) return refuse(`${ways.join(' and ')}: set only one of them.`);
  const password = given.REDIS_PASSWORD === undefined ? {} : { password: given.REDIS_PASSWORD };
  const way = ways[0];
  if (way === undefined) return { address: null, problems: [] };
  switch (way) {
    case 'REDIS_URL':
      return readServer(given.REDIS_URL ?? '');
    case 'REDIS_SENTINELS':
      return readSentinels(given, password);
    case 'REDIS_CLUSTER_NODES': {
      const nodes = readNodes(given.REDIS_CLUSTER_NODES ?? '', REDIS_PORT);
      if (nodes === undefined) return refuse(nodesMessage('REDIS_CLUSTER_NODES', REDIS_PORT));
      return { address: { kind: 'cluster', nodes, ...password }, problems: [] };
    }
  }
}

function readServer(text: string): Read {
  const url = toUrl(text);
  if (url !== undefined && ['redis:', 'rediss:'].includes(url.protocol)) {
    return { address: { kind: 'server', url: text.trim() }, problems: [] };
  }
  return refuse('REDIS_URL: must look like redis://user:password@host:6379/0, or rediss:// for TLS.');
}

function readSentinels(
  given: Readonly<Record<string, string>>,
  password: { readonly password?: string },
): Read {
  const sentinels = readNodes(given.REDIS_SENTINELS ?? '', SENTINEL_PORT);
  const name = given.REDIS_SENTINEL_NAME;
  const problems = [
    ...(sentinels === undefined ? [nodesMessage('REDIS_SENTINELS', SENTINEL_PORT)] : []),
    ...(name === undefined
      ? ['REDIS_SENTINEL_NAME: is missing: give the name of the master, as in mymaster.']
      : []),
  ];
  if (sentinels === undefined || name === undefined) return { address: null, problems };
  const own = given.REDIS_SENTINEL_PASSWORD;
  const sentinelPassword = own === undefined ? {} : { sentinelPassword: own };
  return { address: { kind: 'sentinel', sentinels, name, ...password, ...sentinelPassword }, problems };
}

function readNodes(text: string, byDefault: number): readonly RedisNode[] | undefined {
  const nodes = text.split(',').map((part) => readNode(part.trim(), byDefault));
  const good = nodes.filter((node) => node !== undefined);
  return good.length === nodes.length && nodes.length <= MAX_NODES ? good : undefined;
}

function readNode(text: string, byDefault: number): RedisNode | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]{1,253})(?::(\d{1,5}))?$/.exec(text);
  const port = match?.[2] === undefined ? byDefault : Number(match[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535) return undefined;
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

function nodesMessage(name: string, port: number): string {
  return `${name}: must be 1 to ${MAX_NODES} of host:port, separated by commas, as in one:${port},two:${port}.`;
}

function refuse(problem: string): Read {
  return { address: null, problems: [problem] };
}
