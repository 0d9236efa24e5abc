import { startApi } from '@watchbill/api';
import { createFirstLink, createFirstToken } from '@watchbill/commands';
import { type Database, openDatabase } from '@watchbill/database';
import { openQueues } from '@watchbill/queue';
import { createLogger, createMetrics, readSettings } from '@watchbill/runtime';
import { startScheduler } from '@watchbill/scheduler';
import { startWorker } from '@watchbill/worker';
import { source as axeSource } from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { startChromium } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { createTestDatabase } from '../support/test-database.ts';

export const FILE = `
version: 1
people:
  - { id: amara, name: Amara Okafor, email: amara@example.com, timeZone: Europe/London }
  - { id: benji, name: Benji Katz, email: benji@example.com, timeZone: America/New_York }
  - { id: cleo, name: Cleo Sato, email: cleo@example.com, timeZone: Asia/Tokyo }
teams:
  - { id: payments, name: Payments, members: [amara, benji, cleo], managers: [amara] }
schedules:
  - id: payments
    name: Payments
    team: payments
    timeZone: Europe/London
    roles: [primary, secondary]
    rotations:
      - { id: weekly, role: primary, roster: [amara, benji, cleo], cadence: { every: 1, unit: day }, start: 2026-01-05T09:00 }
      - { id: days, role: secondary, roster: [cleo, amara], cadence: { every: 1, unit: week }, start: 2026-01-05T09:00, hours: [{ days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }] }
`;

export interface WebPlace {
  readonly url: string;
  readonly browser: Browser;
  readonly database: Database;
  /** The path of the first set-up link. */
  readonly firstLink: string;
  /** A request by a token that may do everything. */
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly json: any;
}

export interface WebPlaceOptions {
  /** Also a worker: webhooks are delivered, people are told. */
  readonly worker?: boolean;
  /** Settings beside those of the place itself. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The product with its site, and a browser to look at it with. */
export async function startWebPlace(options: WebPlaceOptions = {}): Promise<WebPlace> {
  const place = await createTestDatabase();
  const port = await freePort();
  const settings = readSettings({
    ...{ DATABASE_URL: place.connectionString, PORT: String(port), LOG_LEVEL: 'silent' },
    WATCHBILL_PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...options.environment,
  });
  const database = openDatabase({ connectionString: place.connectionString, max: 20 });
  const queues = openQueues({
    ...{ redis: null, postgres: { connectionString: place.connectionString } },
    ...{ settings: settings.queue, onError: () => undefined },
  });
  const logger = createLogger(settings, 'test');
  const tools = { database, queues, logger, metrics: createMetrics({ processFigures: false }), settings };
  const scheduler = await startScheduler(tools);
  const worker = options.worker === true ? await startWorker(tools) : null;
  const api = await startApi(tools);
  const browser = await startChromium();
  const token = (await createFirstToken(database)) ?? '';
  const send = (method: string, path: string, body?: unknown) =>
    sendTo(`${api.url}${path}`, { method, token, body });
  const firstLink = `/setup/${await createFirstLink(database)}`;
  return {
    ...{ url: api.url, browser, database, firstLink, send },
    close: async () => {
      await browser.close();
      await api.close();
      await scheduler.close();
      await worker?.close();
      await queues.close();
      await database.close();
      await place.drop();
    },
  };
}

interface Sent {
  readonly method: string;
  readonly token: string;
  readonly body?: unknown;
}

async function sendTo(address: string, { method, token, body }: Sent): Promise<Answer> {
  const yaml = typeof body === 'string';
  const response = await fetch(address, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': yaml ? 'application/yaml' : 'application/json' }),
    },
    ...(body !== undefined && { body: yaml ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : {} };
}

export interface Looker {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the console said, and requests that failed or were refused. */
  readonly complaints: string[];
}

/** A window of the browser that writes down every complaint. */
export async function lookerIn(place: WebPlace, options: BrowserContextOptions = {}): Promise<Looker> {
  const context = await place.browser.newContext({
    ...{ baseURL: place.url, viewport: { width: 1280, height: 860 }, timezoneId: 'Europe/London' },
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { context, page, complaints };
}

/** What axe finds serious or critical on a page, one line each. The page's context must bypass the CSP. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ content: axeSource });
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
}
