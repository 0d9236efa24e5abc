import type { PageRow } from '@watchbill/database';
import { readPage } from '@watchbill/database';
import { type ApiAnswer, type ApiRequest, sendTo, startTestApi, type TestApi } from './api-fixture.ts';

export interface MadeIntake {
  readonly id: string;
  readonly key: string;
}

const rotation = {
  id: 'weekly',
  roster: ['amara', 'benji'],
  cadence: { every: 1, unit: 'week' },
  start: '2026-01-05T09:00',
};

/** One schedule of two people, for whom pages can be triggered. */
export const CONFIGURATION = {
  version: 1,
  people: ['amara', 'benji'].map((id) => ({ id, name: id, timeZone: 'UTC', email: `${id}@example.com` })),
  schedules: [{ id: 'payments', timeZone: 'UTC', rotations: [rotation] }],
};

/** An API with that configuration. */
export async function startIntakeApi(): Promise<TestApi> {
  const api = await startTestApi();
  const answer = await api.send('/v1/configuration', { method: 'POST', body: CONFIGURATION });
  if (answer.status >= 300) throw new Error(answer.text);
  return api;
}

export async function makeIntake(api: TestApi, kind: string, more: object = {}): Promise<MadeIntake> {
  const body = { name: `test ${kind}`, kind, schedule: 'payments', ...more };
  const { status, json, text } = await api.send('/v1/intakes', { method: 'POST', body });
  if (status !== 201) throw new Error(text);
  return { id: json.intake.id, key: json.key };
}

/** Sends as another program does: without a token of ours, and without a look at our description. */
export function sendAs(api: TestApi, path: string, request: ApiRequest = {}): Promise<ApiAnswer> {
  return sendTo(api.url, path, { method: 'POST', token: null, ...request });
}

/** All pages of an intake, oldest first. */
export async function pagesOf(api: TestApi, intake: string): Promise<PageRow[]> {
  const { rows } = await api.database.pool.query(
    'SELECT id FROM watchbill.pages WHERE intake = $1 ORDER BY number',
    [intake],
  );
  const pages = await Promise.all(rows.map(({ id }: { id: string }) => readPage(api.database, id)));
  return pages.filter((page) => page !== null);
}

/** Everything that senders can cause to be stored, as numbers of rows. */
export async function storedRows(api: TestApi): Promise<string> {
  const tables = [
    'pages',
    'page_log',
    'notifications',
    'intake_changes',
    'intake_requests',
    'sns_fetches',
    'events',
  ];
  const counts = tables.map((table) => `(SELECT count(*) FROM watchbill.${table})`);
  const { rows } = await api.database.pool.query(`SELECT concat_ws(',', ${counts.join(', ')}) AS counts`);
  return rows[0].counts;
}
