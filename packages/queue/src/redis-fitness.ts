const MIN_MAJOR = 6;
const MIN_MINOR = 2;

/** What in the INFO text of a Redis makes it unfit to keep jobs; an empty list is well. */
export function redisProblems(info: string): readonly string[] {
  const fields = new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)] as const];
    }),
  );
  return [...versionProblems(fields), ...memoryProblems(fields), ...loadingProblems(fields)];
}

type Fields = ReadonlyMap<string, string>;

function versionProblems(fields: Fields): readonly string[] {
  // Valkey tells a frozen redis_version of its own; only what claims to be Redis is measured.
  if (fields.has('valkey_version') || fields.has('dragonfly_version')) return [];
  const version = fields.get('redis_version') ?? '';
  const [major = Number.NaN, minor = 0] = version.split('.').map(Number);
  if (major > MIN_MAJOR || (major === MIN_MAJOR && minor >= MIN_MINOR)) return [];
  return [`Redis ${version || 'of an unknown version'} is too old: use ${MIN_MAJOR}.${MIN_MINOR} or newer.`];
}

function memoryProblems(fields: Fields): readonly string[] {
  const policy = fields.get('maxmemory_policy');
  if (policy === undefined || policy === 'noeviction') return [];
  return [
    `Redis may throw jobs away when its memory is full (maxmemory-policy ${policy}): set it to noeviction.`,
  ];
}

function loadingProblems(fields: Fields): readonly string[] {
  return fields.get('loading') === '1' ? ['Redis is still reading its data from disk.'] : [];
}
