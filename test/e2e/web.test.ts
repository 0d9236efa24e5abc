import { mkdirSync } from 'node:fs';
import type { Locator, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable } from '../support/chromium.ts';
import { FILE, type Looker, lookerIn, seriousFindings, startWebPlace, type WebPlace } from './web-fixture.ts';

const SCHEDULE = '/schedules/payments';
const PAGES = [
  ...['/', '/schedules', SCHEDULE, `${SCHEDULE}?view=table`, `${SCHEDULE}?range=year&rows=person&view=chart`],
  ...[
    `${SCHEDULE}/plans`,
    `${SCHEDULE}/fact-sheet`,
    '/people',
    '/people/amara',
    '/swaps',
    '/pages',
    '/pages/1',
  ],
  ...['/endpoints', '/settings', '/audit', '/file'],
];
const DESK = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };
/** The ways in which a page is looked at, each a step from the one before. */
const LOOKS = [
  ['desk light', DESK, 'light'],
  ['desk dark', DESK, 'dark'],
  ['phone dark', PHONE, 'dark'],
  ['phone light', PHONE, 'light'],
] as const;
const HOUR_MS = 3_600_000;
const PICTURES = process.env.WATCHBILL_PICTURES;

/** A bar of a role's row by what it is called. */
function barOf(page: Page, role: string, name: RegExp): Locator {
  return page
    .getByRole('group', { name: `On call, ${role}` })
    .getByRole('button', { name })
    .first();
}

/** Presses Tab until something holds. */
async function tabTo(page: Page, isThere: () => Promise<boolean>): Promise<void> {
  for (let tab = 0; tab < 80; tab += 1) {
    if (await isThere()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not lead there');
}

/** Looks at a page in every way, and takes its pictures where they are wanted. */
async function inspect(page: Page, name: string, first?: Locator): Promise<void> {
  await first?.waitFor();
  for (const [look, viewport, colorScheme] of LOOKS) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    if (PICTURES !== undefined) {
      const file = `${name} ${look}`.replaceAll(/[^a-z0-9]+/g, '-');
      await page.screenshot({ path: `${PICTURES}/${file}.png`, fullPage: first === undefined });
    }
    expect(await seriousFindings(page), look).toEqual([]);
    const wider = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wider, `${look} scrolls sideways`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize(DESK);
}

describe.skipIf(!chromiumAvailable())('the web app in a browser', () => {
  let place: WebPlace;
  let looker: Looker;

  beforeAll(async () => {
    place = await startWebPlace();
    expect((await place.send('POST', '/v1/configuration', FILE)).status).toBe(200);
    looker = await lookerIn(place);
    if (PICTURES !== undefined) mkdirSync(PICTURES, { recursive: true });
  });
  /** The overrides that begin in the week after an instant: another test may have left its own elsewhere. */
  const madeAfter = async (at: string) => {
    const { json } = await place.send('GET', '/v1/schedules/payments/overrides?limit=200');
    const from = Date.parse(at);
    return json.data.filter(({ start, status = 'active' }: { start: string; status?: string }) => {
      const after = Date.parse(start) - from;
      return after >= 0 && after < 7 * 24 * HOUR_MS && status === 'active';
    });
  };
  afterAll(async () => {
    await looker?.context.close();
    await place?.close();
  });

  it('leads from the first link to an account, the overview and a schedule, without a complaint', async () => {
    const { page, complaints } = looker;
    await page.goto('/');
    await page.getByText('There is no account yet.').waitFor();
    await page.goto(place.firstLink);
    await page.getByLabel('Your name').fill('Amara Okafor');
    await page.getByLabel('E-mail').fill('amara@example.com');
    await page.getByLabel('New password').fill('correct horse battery');
    await page.getByLabel('The password again').fill('correct horse battery');
    await page.getByRole('button', { name: 'Save and sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const card = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'payments' }) });
    const { json } = await place.send('GET', '/v1/on-call');
    const [seat] = json.schedules[0].onCall;
    const name = { amara: 'Amara Okafor', benji: 'Benji Katz', cleo: 'Cleo Sato' }[seat.person as 'amara'];
    await card.getByText(name).first().waitFor();
    await page.getByRole('link', { name: 'payments' }).click();
    await page.getByRole('group', { name: /^Timeline, / }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('sends the script of the first page compressed, less than 130 kB of it', async () => {
    const storageState = await looker.context.storageState();
    const { context, page } = await lookerIn(place, { storageState });
    const scripts: Response[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script') scripts.push(response);
    });
    await page.goto('/', { waitUntil: 'networkidle' });
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const sizes = await Promise.all(scripts.map((one) => one.request().sizes()));
    const sent = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    expect(sent).toBeGreaterThan(10_000);
    expect(sent).toBeLessThan(130_000);
    expect(await scripts[0]?.headerValue('content-encoding')).toBe('br');
    await context.close();
  });

  it('walks along a row of the timeline by keyboard, one stop a row', async () => {
    const { page } = looker;
    await page.goto(`${SCHEDULE}?range=week`);
    const row = page.getByRole('group', { name: 'On call, primary' });
    await row.waitFor();
    const bars = row.getByRole('button');
    const stops = await row.locator('[role="button"][tabindex="0"]').count();
    expect([stops, (await bars.count()) > 3]).toEqual([1, true]);
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    const labels = await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute('aria-label')));
    for (let tab = 0; tab < 40 && !labels.includes(await focused()); tab += 1) {
      await page.keyboard.press('Tab');
    }
    expect(await focused()).toBe(labels[0]);
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe(labels[1]);
    await page.keyboard.press('End');
    expect(await focused()).toBe(labels.at(-1));
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe(labels.at(-2));
    await page.keyboard.press('Home');
    await page.keyboard.press('Tab');
    expect(labels).not.toContain(await focused());
  });

  it.each([
    ['2027-03-26', '2027-03-22T00:00:00Z', '2027-04-05T00:00:00Z'],
    ['2027-10-29', '2027-10-25T00:00:00Z', '2027-11-08T00:00:00Z'],
  ])(
    'shows the instants of the API in every zone over the clock change after %s',
    async (from, start, end) => {
      const { page } = looker;
      const query = `from=${start}&to=${end}`;
      const { json } = await place.send('GET', `/v1/schedules/payments/timeline?${query}`);
      await page.goto(`${SCHEDULE}?view=table&from=${from}T12:00:00Z`);
      await page.getByRole('table').waitFor();
      for (const zone of ['Europe/London', 'America/New_York', 'Asia/Tokyo', 'UTC']) {
        await page.getByLabel('Time zone of this page').selectOption(zone);
        await page.getByRole('table', { name: zone.replaceAll('_', ' ') }).waitFor();
        const shown = await page
          .locator('tbody tr')
          .evaluateAll((rows) =>
            rows.map((row) => [...row.querySelectorAll('td')].slice(0, 2).map((cell) => cell.textContent)),
          );
        const form = new Intl.DateTimeFormat('en-GB', {
          ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
          ...{ hourCycle: 'h23', timeZone: zone },
        });
        const inside = json.shifts.filter(
          (shift: { start: string; end: string }) =>
            Date.parse(shift.start) > Date.parse(start) + 86_400_000 &&
            Date.parse(shift.end) < Date.parse(end) - 86_400_000,
        );
        expect(inside.length).toBeGreaterThan(8);
        const rows = shown.map(String);
        for (const shift of inside) {
          expect(rows).toContain(String([shift.start, shift.end].map((at) => form.format(Date.parse(at)))));
        }
      }
    },
  );

  it('enters an absence of a person, and takes it back', async () => {
    const { page, complaints } = looker;
    const [account] = (await place.send('GET', '/v1/accounts')).json.data;
    const patch = await place.send('PATCH', `/v1/accounts/${account.id}`, { person: 'amara' });
    expect(patch.status).toBe(200);
    // Whoever becomes another person signs in again.
    await page.goto('/people');
    await page.getByLabel('E-mail').fill('amara@example.com');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Amara Okafor' }).click();
    await page.getByRole('heading', { name: 'How I am reached' }).waitFor();
    await page.getByLabel('From', { exact: true }).fill('2027-08-02T00:00');
    await page.getByLabel('Until', { exact: true }).fill('2027-08-09T00:00');
    await page.getByRole('button', { name: 'Enter an absence' }).click();
    const taken = page.getByRole('button', { name: /^Take back the absence from / });
    await taken.waitFor();
    const path = '/v1/people/amara/absences';
    expect((await place.send('GET', path)).json.data).toMatchObject([
      { start: '2027-08-01T23:00:00Z', end: '2027-08-08T23:00:00Z' },
    ]);
    await taken.click();
    await page.getByText('None entered.').waitFor();
    expect((await place.send('GET', path)).json.data).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('answers a page, and shows it first on the overview while it is open', async () => {
    const { page, complaints } = looker;
    const body = { summary: 'Checkout answers 503', severity: 'critical', schedule: 'payments' };
    const made = await place.send('POST', '/v1/pages', body);
    expect(made.status).toBe(201);
    await page.goto('/');
    await page.getByRole('heading', { name: '1 page is open' }).waitFor();
    await page.getByRole('link', { name: /Checkout answers 503$/ }).click();
    await page.getByRole('button', { name: /^Acknowledge #/ }).click();
    await page.getByText(/acknowledged by Amara Okafor/).waitFor();
    expect((await place.send('GET', `/v1/pages/${made.json.page}`)).json).toMatchObject({
      ...{ state: 'acknowledged', acknowledged: { person: 'amara', via: 'web' } },
    });
    expect(complaints).toEqual([]);
  });

  it('accepts a swap that somebody asks for', async () => {
    const { page, complaints } = looker;
    const shifts = (await place.send('GET', '/v1/people/benji/shifts?limit=20')).json.data;
    const { schedule, role, start, end } = shifts.find(
      (shift: { role: string; start: string }) =>
        shift.role === 'primary' && Date.parse(shift.start) > Date.now() + 4 * 86_400_000,
    );
    const asked = await place.send('POST', '/v1/swaps', {
      ...{ kind: 'cover', person: 'benji', gives: [{ schedule, role, start, end }] },
      to: { kind: 'person', person: 'amara' },
    });
    expect(asked.status, JSON.stringify(asked.json)).toBe(201);
    await page.goto('/swaps');
    await page.getByRole('heading', { name: 'Benji Katz asks for cover' }).waitFor();
    await page.getByRole('button', { name: 'Accept the swap of Benji Katz' }).click();
    await page.getByText('No swap is open.').waitFor();
    expect((await place.send('GET', `/v1/swaps/${asked.json.id}`)).json.state).toBe('applied');
    expect(complaints).toEqual([]);
  });

  describe('with axe looking into it', () => {
    let inspector: Looker;
    beforeAll(async () => {
      const storageState = await looker.context.storageState();
      inspector = await lookerIn(place, { bypassCSP: true, storageState, reducedMotion: 'reduce' });
    });
    afterAll(() => inspector?.context.close());

    it.each(PAGES)('axe finds nothing serious on %s, light, dark, at a desk and on a phone', async (path) => {
      const { page, complaints } = inspector;
      complaints.length = 0;
      await page.setViewportSize(DESK);
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForFunction(() => document.querySelector('p[role="status"].quiet') === null);
      await inspect(page, path);
      expect(complaints).toEqual([]);
    });

    it('axe finds nothing serious in the dialogs of a schedule', async () => {
      const { page } = inspector;
      await page.setViewportSize(DESK);
      await page.goto(`${SCHEDULE}?range=week&from=2027-11-03T12:00:00Z`);
      await page.getByRole('button', { name: 'Override a stretch' }).click();
      await inspect(page, 'dialog override', page.getByRole('dialog', { name: 'Override' }));
      await page.keyboard.press('Escape');
      await barOf(page, 'secondary', /^Nobody on call/).click();
      await inspect(page, 'dialog gap', page.getByRole('dialog', { name: 'Nobody on call' }));
      await page.getByRole('dialog').getByRole('button', { name: 'Fill' }).click();
      await inspect(page, 'dialog fill', page.getByRole('dialog', { name: 'Fill the gap' }));
      await page.keyboard.press('Escape');
      await barOf(page, 'primary', /^Benji Katz/).click();
      await inspect(page, 'dialog details', page.getByRole('dialog', { name: 'Benji Katz, primary' }));
    });
  });

  it('overrides a part of a shift by keyboard alone, and takes it back', async () => {
    const { page } = looker;
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.goto(`${SCHEDULE}?range=week&from=2027-11-17T12:00:00Z`);
    await barOf(page, 'primary', /^Benji Katz/).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    await tabTo(page, async () => / primary, /.test(await focused()));
    while (!(await focused()).startsWith('Benji Katz, primary')) await press('ArrowRight');
    const label = await focused();
    await press('Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', '.');
    await page.getByText(/^Marked .* Enter overrides it/).waitFor();
    await press('Escape');
    await page.getByText(/^Marked /).waitFor({ state: 'detached' });
    await press('Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', '.', 'Enter');
    const dialog = page.getByRole('dialog', { name: 'Override' });
    await dialog.waitFor();
    await tabTo(page, () => page.evaluate(() => document.activeElement?.getAttribute('name') === 'person'));
    await page.keyboard.type('Cleo');
    expect(await dialog.getByLabel('Who is on call').inputValue()).toBe('cleo');
    await tabTo(page, () => page.evaluate(() => document.activeElement?.textContent === 'Save the override'));
    await press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(/^Cleo Sato is on call /).waitFor();
    const made = await madeAfter('2027-11-14T00:00:00Z');
    expect(made).toMatchObject([{ people: ['cleo'], role: 'primary' }]);
    const [{ start, end }] = made as [{ start: string; end: string }];
    // The shift begins at 09:00 in London; what was marked was moved by an hour.
    expect([start.slice(11), Date.parse(end) - Date.parse(start)]).toEqual(['10:00:00Z', 3 * HOUR_MS]);
    expect(await focused(), 'the focus is back where it was').toContain('Benji Katz, primary');
    expect(label).toContain('09:00');
    await tabTo(page, () => page.evaluate(() => document.activeElement?.textContent === 'Undo'));
    await press('Enter');
    await page.getByText(/^Cleo Sato is on call /).waitFor({ state: 'detached' });
    expect(await madeAfter('2027-11-14T00:00:00Z')).toEqual([]);
  });

  it('fills a gap, and asks which one where a time occurs twice', async () => {
    const { page } = looker;
    await page.goto(`${SCHEDULE}?range=week&from=2027-10-30T12:00:00Z`);
    // Nobody is the secondary from Friday evening until Monday morning; on the Sunday the clocks go back.
    await barOf(page, 'secondary', /^Nobody on call.*Fri 29 Oct, 17:00/).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Fill' }).click();
    const dialog = page.getByRole('dialog', { name: 'Fill the gap' });
    await dialog.getByLabel('Who is on call').selectOption('Benji Katz');
    const which = dialog.getByLabel('From: This time occurs twice. Which one?');
    expect(await which.count()).toBe(0);
    await dialog.getByLabel('From', { exact: true }).fill('2027-10-31T01:30');
    await dialog.getByLabel('Until', { exact: true }).fill('2027-10-31T09:00');
    await which.selectOption('The second');
    await dialog.getByRole('button', { name: 'Save the override' }).click();
    await page.getByText(/^Benji Katz is on call Sun 31 Oct, 01:30/).waitFor();
    expect(await madeAfter('2027-10-29T00:00:00Z')).toMatchObject([
      { people: ['benji'], role: 'secondary', start: '2027-10-31T01:30:00Z', end: '2027-10-31T09:00:00Z' },
    ]);
    const filled = barOf(page, 'secondary', /^Benji Katz.*override/);
    await filled.click();
    await page.getByRole('button', { name: 'Cancel the override' }).click();
    await filled.waitFor({ state: 'detached' });
    expect(await madeAfter('2027-10-29T00:00:00Z')).toEqual([]);
  });

  it('scrolls a year with the keyboard: what is drawn follows, and the name of the row stays', async () => {
    const { page } = looker;
    await page.goto(`${SCHEDULE}?range=year&rows=person`);
    const row = page.getByRole('group', { name: 'Cleo Sato' });
    await row.getByRole('button').first().focus();
    const name = page.locator('.chart-labels').getByText('Cleo Sato');
    const [drawn, before] = [await row.getByRole('button').count(), await name.boundingBox()];
    await page.keyboard.press('End');
    const last = page.locator(':focus');
    await page.waitForFunction(() => (document.querySelector('.chart-scroll')?.scrollLeft ?? 0) > 2_000);
    const box = await last.boundingBox();
    expect(box !== null && box.x > 0 && box.x < DESK.width).toBe(true);
    const [from, to] = [0, 350].map((days) => new Date(Date.now() + days * 24 * HOUR_MS).toISOString());
    const { json } = await place.send('GET', `/v1/schedules/payments/timeline?from=${from}&to=${to}`);
    const all = json.shifts.filter(({ person }: { person: string }) => person === 'cleo');
    expect(all.length).toBeGreaterThan(2 * drawn);
    expect((await name.boundingBox())?.x).toBe(before?.x);
  });

  it('shows an agenda on a phone, and lets one sign out there', async () => {
    const { page } = looker;
    await page.setViewportSize(PHONE);
    await page.goto(`${SCHEDULE}?from=2027-10-29T12:00:00Z`);
    const day = page.getByRole('region', { name: /^Sun 31 Oct/ });
    await day.getByText('25 h').waitFor();
    await page.getByText(/^Times in Europe\/London/).waitFor();
    expect(await day.getByRole('button').count()).toBeGreaterThan(0);
    expect(await page.getByRole('group', { name: /^Timeline, / }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Sign out' }).isVisible()).toBe(true);
    await page.setViewportSize(DESK);
    await page.getByRole('group', { name: /^Timeline, / }).waitFor();
  });

  it('marks who is on call twice at once, and says in words where the day of everybody stands', async () => {
    const { page } = looker;
    const { json } = await place.send('GET', '/v1/schedules/payments/check?weeks=1');
    const double = json.warnings.find(({ code }: { code: string }) => code === 'person/double');
    await page.goto(SCHEDULE);
    await page.getByRole('button', { name: `Show in the timeline: ${double.message}` }).click();
    await page
      .getByRole('button', { name: /, on call twice at once$/ })
      .first()
      .waitFor();
    const states = page.getByRole('img', { name: /^Cleo Sato: / });
    expect(await states.getAttribute('aria-label')).toMatch(/working \d\d:\d\d – \d\d:\d\d/);
  });

  it('draws a stretch over the chart with the mouse', async () => {
    const { page } = looker;
    await page.goto(`${SCHEDULE}?range=week`);
    const chart = page.getByRole('group', { name: /^Timeline, / });
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the chart is not there');
    await page.mouse.move(box.x + box.width * 0.8, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + 20, { steps: 4 });
    await page.mouse.up();
    const dialog = page.getByRole('dialog', { name: 'Override' });
    const [from, until] = await Promise.all(
      ['From', 'Until'].map((name) => dialog.getByLabel(name).inputValue()),
    );
    expect(Date.parse(`${until}Z`) - Date.parse(`${from}Z`)).toBeGreaterThan(12 * 3_600_000);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('signing out shows the door, and a wrong password says so', async () => {
    const { context, page } = await lookerIn(place);
    await page.goto(SCHEDULE);
    await page.getByLabel('E-mail').fill('amara@example.com');
    await page.getByLabel('Password').fill('a wrong password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The address or the password is wrong.').waitFor();
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Payments' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await context.close();
  });
});
