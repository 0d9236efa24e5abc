import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable } from '../support/chromium.ts';
import { FILE, type Looker, lookerIn, seriousFindings, startWebPlace, type WebPlace } from './web-fixture.ts';

const SCHEDULE = '/schedules/payments';
const PAGES = [
  ...['/', '/schedules', SCHEDULE, `${SCHEDULE}?view=table`, '/people', '/people/amara', '/swaps', '/pages'],
  ...['/pages/1', '/settings', '/audit', '/file'],
];
const PICTURES = process.env.WATCHBILL_PICTURES;

describe.skipIf(!chromiumAvailable())('the web app in a browser', () => {
  let place: WebPlace;
  let looker: Looker;

  beforeAll(async () => {
    place = await startWebPlace();
    expect((await place.send('POST', '/v1/configuration', FILE)).status).toBe(200);
    looker = await lookerIn(place);
    if (PICTURES !== undefined) mkdirSync(PICTURES, { recursive: true });
  });
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
      for (const zone of ['Europe/London', 'America/New_York', 'Asia/Tokyo', 'UTC']) {
        await page.goto(`${SCHEDULE}?view=table&from=${from}T12:00:00Z`);
        await page.getByRole('table').waitFor();
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

  describe.each([
    ['at a desk, light', { width: 1280, height: 860 }, 'light'],
    ['at a desk, dark', { width: 1280, height: 860 }, 'dark'],
    ['on a phone, light', { width: 390, height: 844 }, 'light'],
    ['on a phone, dark', { width: 390, height: 844 }, 'dark'],
  ] as const)('%s', (title, viewport, colorScheme) => {
    it.each(PAGES)('axe finds nothing serious on %s, and it does not scroll sideways', async (path) => {
      const storageState = await looker.context.storageState();
      const options = { viewport, colorScheme, bypassCSP: true, storageState } as const;
      const { context, page, complaints } = await lookerIn(place, options);
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForFunction(() => document.querySelector('[role="status"].quiet') === null);
      if (PICTURES !== undefined) {
        const name = `${title} ${path}`.replaceAll(/[^a-z]+/g, '-');
        await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
      }
      expect(await seriousFindings(page)).toEqual([]);
      const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(wider).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await context.close();
    });
  });

  it('draws a stretch over the chart with the mouse', async () => {
    const { page } = looker;
    await page.goto(`${SCHEDULE}?range=week`);
    const chart = page.getByRole('group', { name: /^Timeline, / });
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the chart is not there');
    await page.mouse.move(box.x + box.width * 0.8, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + 60, { steps: 4 });
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
