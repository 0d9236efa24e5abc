/**
 * The timeline in a real browser: scripting, layout and all main-thread time for each frame while a chart is scrolled
 * along and down, and for one switch of the zone, beside an empty page of the same size scrolled the same way in the
 * same run; then how much script the first page loads. Nothing is asserted.
 *
 * npx tsx --conditions=source test/bench/ui-timeline.ts [--frames 120] [--rounds 2]
 *
 * Milliseconds are those of the processor, so that a busy machine changes little. PostgreSQL, the API with the built
 * site, and a headless Chromium without a graphics card.
 */
import { parseArgs } from 'node:util';
import { startApi } from '@watchbill/api';
import { createFirstLink, createFirstToken } from '@watchbill/commands';
import { openDatabase } from '@watchbill/database';
import { openQueues } from '@watchbill/queue';
import { createLogger, createMetrics, readSettings } from '@watchbill/runtime';
import type { CDPSession, Page } from 'playwright-core';
import { build } from 'vite';
import { startChromium } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { createDatabaseOn, startTestPostgres } from '../support/test-postgres.ts';

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '120' }, rounds: { type: 'string', default: '2' } },
});
const FRAMES = Number(values.frames);
const ROUNDS = Number(values.rounds);
/** One frame of a screen that shows sixty a second. */
const FRAME_MS = 1_000 / 60;
const STEP_PIXELS = 40;
const ZONES = ['Asia/Tokyo', 'America/New_York', 'UTC', 'Europe/London'];
const CASES = [
  { name: '4 × 14', query: 'range=two-weeks', schedule: 'roles-4', rows: 4 },
  { name: '4 × 91', query: 'range=quarter', schedule: 'roles-4', rows: 4 },
  { name: '100 × 14', query: 'range=two-weeks&rows=person', schedule: 'people-100', rows: 100 },
  { name: '40 × 365', query: 'range=year&rows=person', schedule: 'people-40', rows: 40 },
] as const;

/** A schedule in which everybody of so many has a turn, a day each, in so many roles at once. */
function scheduleOf(id: string, { people, roles }: { readonly people: number; readonly roles: number }) {
  const ids = Array.from({ length: people }, (_, index) => `p${index}`);
  const names = Array.from({ length: roles }, (_, index) => `role-${index + 1}`);
  const rotations = names.map((role, index) => {
    const first = Math.floor((index * people) / roles);
    const roster = [...ids.slice(first), ...ids.slice(0, first)];
    return { id: role, role, roster, cadence: { every: 1, unit: 'day' }, start: '2026-01-05T09:00' };
  });
  return { id, name: id, timeZone: 'Europe/London', roles: names, rotations };
}

const CONFIGURATION = {
  version: 1,
  people: Array.from({ length: 100 }, (_, index) => ({
    ...{ id: `p${index}`, name: `Person Number ${index}` },
    timeZone: ZONES[index % ZONES.length],
  })),
  schedules: [
    scheduleOf('roles-4', { people: 12, roles: 4 }),
    scheduleOf('people-40', { people: 40, roles: 2 }),
    scheduleOf('people-100', { people: 100, roles: 8 }),
  ],
};

/** Milliseconds of the processor that the main thread of the page took. */
interface Cost {
  readonly script: number;
  readonly layout: number;
  readonly task: number;
}

async function spent(session: CDPSession): Promise<Cost> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => 1_000 * (metrics.find((one) => one.name === name)?.value ?? 0);
  return {
    script: of('ScriptDuration'),
    layout: of('LayoutDuration') + of('RecalcStyleDuration'),
    task: of('TaskDuration'),
  };
}

async function costOf(session: CDPSession, act: () => Promise<unknown>): Promise<Cost> {
  const before = await spent(session);
  await act();
  const after = await spent(session);
  return {
    script: after.script - before.script,
    layout: after.layout - before.layout,
    task: after.task - before.task,
  };
}

/** One step a frame: along to the end and back, then down; every step waits until it is on the screen. */
async function scroll(page: Page, session: CDPSession): Promise<readonly Cost[]> {
  const costs: Cost[] = [];
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const down = frame >= FRAMES / 2;
    costs.push(
      await costOf(session, () =>
        page.evaluate(
          ([across, along]) =>
            new Promise<void>((done) => {
              const box = document.querySelector('.chart-scroll');
              box?.scrollBy({ left: across ?? 0, top: along ?? 0, behavior: 'instant' });
              requestAnimationFrame(() => requestAnimationFrame(() => done()));
            }),
          down ? [0, STEP_PIXELS] : [STEP_PIXELS, 0],
        ),
      ),
    );
  }
  return costs;
}

/** A page with nothing but a box that scrolls as far. */
const EMPTY = `<!doctype html><title>empty</title><div class="chart-scroll" style="overflow:auto;width:1000px;height:620px">
<div style="width:12000px;height:8000px"></div></div>`;

function quantile(costs: readonly number[], share: number): number {
  const sorted = [...costs].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function rowOf(name: string, costs: readonly Cost[]) {
  const of = (part: keyof Cost) => costs.map((cost) => cost[part]);
  return {
    case: name,
    scriptMedian: quantile(of('script'), 0.5),
    scriptWorst: Math.max(...of('script')),
    layoutWorst: Math.max(...of('layout')),
    taskMedian: quantile(of('task'), 0.5),
    task99: quantile(of('task'), 0.99),
    taskWorst: Math.max(...of('task')),
    late: of('task').filter((ms) => ms > FRAME_MS).length,
  };
}

type Row = ReturnType<typeof rowOf>;

function print(rows: readonly Row[], empty: Row): void {
  const shown = (ms: number) => ms.toFixed(2).padStart(8);
  console.log(
    `\nMilliseconds for each frame while scrolling (${FRAMES * ROUNDS} frames each; 16.67 is one frame)`,
  );
  console.log('rows × days   script  (worst)  (layout)     task   (p99)   (worst)  × empty  frames > 16.7');
  for (const row of [empty, ...rows]) {
    const figures = [
      row.scriptMedian,
      row.scriptWorst,
      row.layoutWorst,
      row.taskMedian,
      row.task99,
      row.taskWorst,
    ];
    const ratio = (row.taskMedian / empty.taskMedian).toFixed(2).padStart(8);
    console.log(
      `${row.case.padEnd(12)}${figures.map(shown).join(' ')} ${ratio} ${String(row.late).padStart(6)}`,
    );
  }
}

async function openChart(page: Page, { schedule, query }: (typeof CASES)[number]): Promise<number> {
  const started = performance.now();
  await page.goto(`/schedules/${schedule}?${query}`);
  await page.locator('.timeline [data-bar]').first().waitFor();
  return performance.now() - started;
}

async function signUp(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name').fill('Bench');
  await page.getByLabel('E-mail').fill('bench@example.com');
  await page.getByLabel('New password').fill('correct horse battery');
  await page.getByLabel('The password again').fill('correct horse battery');
  await page.getByRole('button', { name: 'Save and sign in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

async function switchZones(page: Page, session: CDPSession): Promise<readonly Cost[]> {
  const costs: Cost[] = [];
  for (const zone of ZONES) {
    costs.push(
      await costOf(session, async () => {
        await page.getByLabel('Time zone of this page').selectOption(zone);
        await page
          .getByRole('group', { name: new RegExp(`^Timeline, .*${zone.replace('_', ' ')}`) })
          .waitFor();
      }),
    );
  }
  return costs;
}

/** Tasks of more than 50 ms since the page was loaded, as the browser counts them. */
const WATCH = `globalThis.longTasks = [];
new PerformanceObserver((list) => globalThis.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
  .observe({ type: 'longtask' });`;

async function longTasks(page: Page): Promise<readonly number[]> {
  return page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks.splice(0));
}

async function measure(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  // Time of the processor, so that a busy machine changes little.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const rows = new Map<string, Cost[]>();
  const zones = new Map<string, Cost[]>();
  const note = (all: Map<string, Cost[]>, name: string, costs: readonly Cost[]) =>
    all.set(name, [...(all.get(name) ?? []), ...costs]);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const one of CASES) {
      const firstMs = await openChart(page, one);
      await longTasks(page);
      note(rows, one.name, await scroll(page, session));
      const scrolling = await longTasks(page);
      note(zones, one.name, await switchZones(page, session));
      const switching = await longTasks(page);
      const drawn = await page.locator('.timeline [data-bar]').count();
      const told = `${scrolling.length} long tasks while scrolling, ${switching.length} while switching zones`;
      console.log(
        `${one.name}: seen after ${firstMs.toFixed(0)} ms, ${drawn} bars in the page at last; ${told}`,
      );
    }
    await page.setContent(EMPTY);
    note(rows, 'empty page', await scroll(page, session));
  }
  const table = [...rows].map(([name, costs]) => rowOf(name, costs));
  const empty = table.find((row) => row.case === 'empty page');
  if (empty === undefined) throw new Error('the empty page was not measured');
  print(
    table.filter((row) => row !== empty),
    empty,
  );
  console.log('\nMilliseconds of the main thread for one switch of the zone, with reading the window anew');
  for (const [name, costs] of zones) {
    const [script, task] = (['script', 'task'] as const).map((part) => costs.map((cost) => cost[part]));
    console.log(
      `${name.padEnd(12)} script ${quantile(script ?? [], 0.5).toFixed(1)}  task ${quantile(task ?? [], 0.5).toFixed(1)}`,
    );
  }
}

/** Kilobytes of script, as they go over the wire, until the overview stands. */
async function firstLoad(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const scripts = new Set<string>();
  let bytes = 0;
  session.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto('/');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.waitForLoadState('networkidle');
  console.log(
    `\nFirst load: ${(bytes / 1_000).toFixed(0)} kB of script over the wire in ${scripts.size} files`,
  );
}

async function main(): Promise<void> {
  await build({ root: 'services/web', logLevel: 'error' });
  const postgres = await startTestPostgres();
  const made = await createDatabaseOn(postgres.address);
  const { connectionString } = made;
  const port = await freePort();
  const settings = readSettings({
    ...{ DATABASE_URL: connectionString, PORT: String(port), LOG_LEVEL: 'silent' },
    WATCHBILL_PUBLIC_URL: `http://127.0.0.1:${port}`,
  });
  const database = openDatabase({ connectionString, max: 10 });
  const queues = openQueues({
    ...{ redis: null, postgres: { connectionString }, settings: settings.queue, onError: () => undefined },
  });
  const metrics = createMetrics({ processFigures: false });
  const api = await startApi({
    database,
    queues,
    logger: createLogger(settings, 'bench'),
    metrics,
    settings,
  });
  const browser = await startChromium();
  try {
    const token = (await createFirstToken(database)) ?? '';
    const applied = await fetch(`${api.url}/v1/configuration`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(CONFIGURATION),
    });
    if (!applied.ok) throw new Error(await applied.text());
    const context = await browser.newContext({
      ...{ baseURL: api.url, viewport: { width: 1280, height: 860 }, timezoneId: 'Europe/London' },
    });
    const page = await context.newPage();
    await page.addInitScript(WATCH);
    await signUp(page, `/setup/${await createFirstLink(database)}`);
    await measure(page);
    await firstLoad(await context.newPage());
  } finally {
    await browser.close();
    await api.close();
    await queues.close();
    await database.close();
    await made.drop();
    await postgres.stop();
  }
}

await main();
