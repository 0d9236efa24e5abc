// Brings the database to the shape that this version needs, once per deployment, before the services start. While
// nobody has an account, each run prints the link that makes the first one.
import { createFirstLink, createFirstToken } from '@watchbill/commands';
import { migrate, openDatabase } from '@watchbill/database';
import { migrateQueues } from '@watchbill/queue';
import { readSettings, SettingsError, withoutCredentials } from '@watchbill/runtime';
import { firstLinkText } from './screen/first-link-text.ts';
import { firstTokenText } from './screen/first-token-text.ts';

async function main(): Promise<void> {
  const { databaseUrl, publicUrl } = readSettings(process.env);
  const applied = await migrate(databaseUrl);
  await migrateQueues(databaseUrl);
  console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}.` : 'The database is up to date.');
  const database = openDatabase({
    connectionString: databaseUrl,
    max: 1,
    applicationName: 'watchbill-migrate',
  });
  try {
    const token = await createFirstToken(database);
    if (token !== null) console.log(firstTokenText(token));
    const link = await createFirstLink(database);
    if (link !== null) console.log(firstLinkText(publicUrl, link));
  } finally {
    await database.close();
  }
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  console.error(
    error instanceof SettingsError ? message : `Could not migrate: ${withoutCredentials(message)}`,
  );
  process.exitCode = 1;
});
