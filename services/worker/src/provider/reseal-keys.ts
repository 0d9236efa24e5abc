import { type Database, resealKey, sealedKeys } from '@watchbill/database';
import { isSealedWithOldKey, type Logger, SealError, type SealKeys, seal, unseal } from '@watchbill/runtime';

/** Seals again with the first key what an older one sealed, so that the older one may be dropped. */
export async function resealKeys(tools: {
  readonly database: Database;
  readonly logger: Logger;
  readonly keys: SealKeys | null;
}): Promise<void> {
  const { database, logger, keys } = tools;
  if (keys === null) return;
  const lost: string[] = [];
  let resealed = 0;
  for (const { id, sealed } of await sealedKeys(database)) {
    if (!isSealedWithOldKey(sealed, keys)) continue;
    try {
      await resealKey(database, id, { before: sealed, after: seal(unseal(sealed, id, keys), id, keys) });
      resealed += 1;
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      lost.push(id);
    }
  }
  if (resealed > 0) logger.info({ resealed }, 'keys of providers sealed again with the newest key');
  if (lost.length > 0) logger.error({ providers: lost }, 'no key opens these; enter their keys again');
}
