import { migrate } from '@watchbill/database';
import * as queue from '@watchbill/queue';

/** Brings the template to the newest shape of every schema that the product owns. */
export async function migrateTemplate(connectionString: string): Promise<void> {
  await migrate(connectionString);
  const migrateQueue: unknown = Reflect.get(queue, 'migrateQueue');
  if (typeof migrateQueue === 'function') await migrateQueue(connectionString);
}
