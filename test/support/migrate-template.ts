import { migrate } from '@watchbill/database';
import { migrateQueues } from '@watchbill/queue';

/** Brings the template to the newest shape of every schema that the product owns. */
export async function migrateTemplate(connectionString: string): Promise<void> {
  await migrate(connectionString);
  await migrateQueues(connectionString);
}
