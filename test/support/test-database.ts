import { inject } from 'vitest';
import { createDatabaseOn, type TestDatabase, type TestPostgresAddress } from './test-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    testPostgres: TestPostgresAddress;
  }
}

export type { TestDatabase } from './test-postgres.ts';

/**
 * A fresh database on the PostgreSQL of this run: migrated, or with `empty: true` without any table. Make it in
 * `beforeAll`; `drop()` it in `afterAll`, after everything that connects to it is closed.
 */
export function createTestDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  return createDatabaseOn(inject('testPostgres'), options);
}
