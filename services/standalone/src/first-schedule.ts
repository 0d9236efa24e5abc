import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { toConfigurationDraft } from '@watchbill/api';
import { applyConfiguration, type HorizonSettings } from '@watchbill/commands';
import { formatErrors, parseConfig } from '@watchbill/config';
import { type Database, pageSchedules } from '@watchbill/database';

const EXAMPLE = 'examples/follow-the-sun.yaml';

/** Applies the example when the database has never held a schedule. Returns the file's name if it did. */
export async function applyFirstSchedule(
  database: Database,
  horizon: HorizonSettings,
): Promise<string | null> {
  const [known] = await pageSchedules(database, { after: '', limit: 1, retired: true });
  if (known !== undefined) return null;
  const root = resolve(import.meta.dirname, '../../..');
  const parsed = parseConfig(readFileSync(join(root, EXAMPLE), 'utf8'), { file: EXAMPLE });
  if (!parsed.ok) throw new Error(`${EXAMPLE} cannot be read:\n${formatErrors(parsed.errors)}`);
  const applied = await applyConfiguration(
    { database, actor: 'first start', horizon },
    { configuration: toConfigurationDraft(parsed.config), source: EXAMPLE, dryRun: false },
  );
  if (!applied.ok) throw new Error(`${EXAMPLE} cannot be applied: ${applied.error.message}`);
  return EXAMPLE;
}
