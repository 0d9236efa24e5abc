import { countAdminTokens, type Database, insertToken, lockTokens, newId } from '@watchbill/database';
import { hashSecret, newTokenSecret } from './secret.ts';

/**
 * Makes a token with the scope `admin` when no valid one is there, and returns it: show it once, it is stored
 * nowhere. Null when there is one already. Processes that start at once make one between them.
 */
export function createFirstToken(database: Database): Promise<string | null> {
  return database.transaction(async (tx) => {
    await lockTokens(tx);
    if ((await countAdminTokens(tx)) > 0) return null;
    const token = newTokenSecret();
    await insertToken(tx, {
      id: newId('tok'),
      name: 'first token',
      hash: hashSecret(token),
      scopes: ['admin'],
      createdBy: 'first start',
      expiresAt: null,
    });
    return token;
  });
}
