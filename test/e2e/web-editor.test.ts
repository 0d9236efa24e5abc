import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable } from '../support/chromium.ts';
import { type Looker, lookerIn, seriousFindings, startWebPlace, type WebPlace } from './web-fixture.ts';

const REGIONS = [
  { region: 'Singapore', zone: 'Asia/Singapore', people: ['Amara Tan', 'Benji Lim'] },
  { region: 'London', zone: 'Europe/London', people: ['Cleo Katz', 'Dev Raman'] },
  { region: 'Los Angeles', zone: 'America/Los_Angeles', people: ['Eyal Baron', 'Freya Kim'] },
] as const;

async function signIn(page: Page, place: WebPlace): Promise<void> {
  await page.goto(place.firstLink);
  await page.getByLabel('Your name').fill('Amara Tan');
  await page.getByLabel('E-mail').fill('amara@example.com');
  await page.getByLabel('New password').fill('correct horse battery');
  await page.getByLabel('The password again').fill('correct horse battery');
  await page.getByRole('button', { name: 'Save and sign in' }).click();
}

async function addPerson(page: Page, name: string, zone: string): Promise<void> {
  await page.getByLabel('Their name').fill(name);
  await page.getByLabel('Where they live').fill(zone);
  await page.getByRole('button', { name: 'Add to the people' }).click();
  await page.getByText(`${name} can now be chosen`).waitFor();
}

async function choose(page: Page, rotation: string, name: string): Promise<void> {
  const list = page.getByLabel(`Add a person to ${rotation}`, { exact: true });
  const value = await list.locator('option', { hasText: name }).getAttribute('value');
  await list.selectOption(value);
}

describe.skipIf(!chromiumAvailable())('the rotation editor in a browser', () => {
  let place: WebPlace;
  let looker: Looker;

  beforeAll(async () => {
    place = await startWebPlace();
    looker = await lookerIn(place, { bypassCSP: true });
  });
  afterAll(async () => {
    await looker?.context.close();
    await place?.close();
  });

  it('leads a newcomer from nothing to a published three-region rotation without a gap', async () => {
    const { page, complaints } = looker;
    await signIn(page, place);
    await page.getByRole('link', { name: 'Create the first rotation' }).click();
    await page.getByLabel('Follow the sun').check();
    await page.getByLabel('Name', { exact: true }).fill('Payments');
    for (const { zone, people } of REGIONS) for (const name of people) await addPerson(page, name, zone);
    for (const { region, people } of REGIONS) for (const name of people) await choose(page, region, name);
    await page.getByRole('button', { name: 'Move Benji Lim up' }).click();
    await page.getByText('Benji Lim is now 1 of 2').waitFor();
    await page.getByText('Somebody is on call in every hour.').waitFor();
    await page.getByRole('heading', { name: 'Who gains or loses' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.waitForURL('**/schedules/payments');
    const { json } = await place.send('GET', '/v1/schedules/payments');
    expect(json.definition.rotations.map(({ roster }: { roster: unknown }) => roster)).toEqual([
      ...[
        ['benji', 'amara'],
        ['cleo', 'dev'],
      ],
      ['eyal', 'freya'],
    ]);
    expect((await place.send('GET', '/v1/schedules/payments/gaps')).json.data).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('keeps what the form does not know, and says what a change means before it is stored', async () => {
    const { page } = looker;
    const stored = (await place.send('GET', '/v1/schedules/payments')).json.definition;
    const known = {
      version: 1,
      schedules: [{ ...stored, description: 'Card payments', coverage: 'always' }],
    };
    const people = (await place.send('GET', '/v1/people')).json.data as {
      id: string;
      timeZone: string;
      name: string;
    }[];
    const file = { ...known, people: people.map(({ id, name, timeZone }) => ({ id, name, timeZone })) };
    expect((await place.send('POST', '/v1/configuration', file)).status).toBe(200);
    await page.goto('/schedules/payments/edit');
    await page.getByRole('button', { name: 'Move Dev Raman up' }).click();
    await page.getByRole('heading', { name: 'Who gains or loses' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.waitForURL('**/schedules/payments');
    const { definition } = (await place.send('GET', '/v1/schedules/payments')).json;
    expect(definition).toMatchObject({ description: 'Card payments', coverage: 'always' });
    expect(definition.rotations[1].roster).toEqual(['dev', 'cleo']);
  });

  it('lets a change wait for a handoff or a date, with the difference for that choice', async () => {
    const { page } = looker;
    await page.goto('/schedules/payments/edit');
    const benji = page.getByRole('row', { name: /^Benji Lim/ });
    await page.getByRole('button', { name: 'Take Benji Lim out' }).click();
    await benji.waitFor();
    const hours = () => benji.getByRole('cell').first().textContent();
    const atOnce = await hours();
    const handoff = page.getByLabel(/At the next handoff: \w+ \d+ \w+, \d\d:\d\d Europe\/London \(UTC/);
    await handoff.check();
    await page.getByRole('heading', { name: /^Two weeks from .*Europe\/London/ }).waitFor();
    await page.getByLabel('At a date').check();
    const date = page.getByLabel('From', { exact: true }).last();
    await date.fill('2020-01-06T09:00');
    await page.getByText('Choose a date to come.').waitFor();
    expect(await page.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true);
    const inEightWeeks = new Date(Date.now() + 56 * 86_400_000).toISOString().slice(0, 10);
    await date.fill(`${inEightWeeks}T09:00`);
    await page.getByRole('heading', { name: /^Two weeks from .*, 09:00 Europe\/London/ }).waitFor();
    await expect.poll(hours).not.toBe(atOnce);
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.waitForURL('**/schedules/payments');
    const { effectiveAt, definition } = (await place.send('GET', '/v1/schedules/payments')).json;
    expect(effectiveAt.slice(0, 10)).toBe(inEightWeeks);
    expect(definition.rotations[0].roster).toEqual(['amara']);
    await page.goto('/schedules/payments/edit');
    await page.getByText(/This change waits for .*Europe\/London/).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('does not let one manager overwrite another', async () => {
    const second = await lookerIn(place, { storageState: await looker.context.storageState() });
    for (const { page } of [looker, second]) await page.goto('/schedules/payments/edit');
    await looker.page.getByRole('button', { name: 'Move Cleo Katz up' }).click();
    await second.page.getByRole('button', { name: 'Move Freya Kim up' }).click();
    await second.page.getByRole('heading', { name: 'Who gains or loses' }).waitFor();
    await looker.page.getByRole('button', { name: 'Publish' }).click();
    await looker.page.waitForURL('**/schedules/payments');
    const before = (await place.send('GET', '/v1/schedules/payments')).json;
    await second.page.getByRole('button', { name: 'Publish' }).click();
    await second.page.getByText('Nothing of yours is stored.').waitFor();
    await second.page.getByRole('button', { name: 'Start again from theirs' }).first().click();
    await second.page.getByText('Nothing changes.').waitFor();
    expect((await place.send('GET', '/v1/schedules/payments')).json.revision).toBe(before.revision);
    expect(
      await second.page
        .getByRole('list', { name: /in London/ })
        .getByRole('listitem')
        .first()
        .textContent(),
    ).toContain('Cleo Katz');
    await second.context.close();
  });

  it('shares a fact sheet by a link that needs no account, until it is revoked', async () => {
    const { page } = looker;
    await page.goto('/schedules/payments/fact-sheet');
    await page.getByText('Within 5 minutes').waitFor();
    await page.getByText('There is no link.').waitFor();
    await page.getByRole('button', { name: 'Make a link' }).click();
    const url =
      (await page
        .getByRole('status')
        .getByText(/\/f\/wbsheet_/)
        .textContent()) ?? '';
    expect(await seriousFindings(page)).toEqual([]);
    const stranger = await lookerIn(place, { bypassCSP: true });
    await stranger.page.goto(url);
    await stranger.page.getByRole('heading', { name: 'Payments' }).waitFor();
    const shown = (await stranger.page.locator('main').textContent()) ?? '';
    expect(shown).toContain('Amara');
    expect(shown).not.toMatch(/Tan|Katz|Kim/);
    expect(await seriousFindings(stranger.page)).toEqual([]);
    await stranger.page.emulateMedia({ colorScheme: 'dark' });
    expect(await seriousFindings(stranger.page)).toEqual([]);
    await stranger.page.getByRole('link', { name: 'As Markdown' }).click();
    await stranger.page.getByText('# Payments').waitFor();
    expect(stranger.complaints).toEqual([]);
    await page.getByRole('button', { name: /^Revoke the link of/ }).click();
    await page.getByText('There is no link.').waitFor();
    expect((await stranger.page.goto(url))?.status()).toBe(404);
    await stranger.context.close();
  });

  it('shows the secret of a webhook endpoint once, and its deliveries', async () => {
    const { page } = looker;
    await page.goto('/endpoints');
    await page.getByLabel('Address').fill('https://example.com/hooks/watchbill');
    await page.getByRole('button', { name: 'Add an endpoint' }).click();
    await page.getByText(/^whsec_/).waitFor();
    await page.getByRole('button', { name: 'Deliveries to https://example.com' }).click();
    await page.getByText('Nothing was sent yet.').waitFor();
    await page.getByRole('button', { name: 'Disable https://example.com' }).click();
    await page.getByRole('button', { name: 'Enable https://example.com' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.reload();
    await page.getByRole('button', { name: 'Enable https://example.com' }).waitFor();
    expect(await page.getByText(/^whsec_/).count()).toBe(0);
  });
});
