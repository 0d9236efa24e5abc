import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumAvailable } from '../support/chromium.ts';
import {
  type Answer,
  FILE,
  type Looker,
  lookerIn,
  seriousFindings,
  startWebPlace,
  type WebPlace,
} from './web-fixture.ts';

const PASSWORD = 'correct horse battery';
const PICTURES = process.env.WATCHBILL_PICTURES;
const DAY_MS = 86_400_000;

describe.skipIf(!chromiumAvailable())('swaps in a browser', () => {
  let place: WebPlace;
  /** An admin; who manages the team; a member; who only looks. */
  let root: Looker;
  let manager: Looker;
  let member: Looker;
  let reader: Looker;

  async function lookerOf(email: string, role: string, person: string): Promise<Looker> {
    const account = await place.send('POST', '/v1/accounts', { email, name: email, role, person });
    expect(account.status).toBe(201);
    return lookerBy(new URL(account.json.link).pathname);
  }

  /** Follows a set-up link; the first one asks also who it is. */
  async function lookerBy(link: string): Promise<Looker> {
    const looker = await lookerIn(place, { bypassCSP: true });
    const { page } = looker;
    await page.goto(link);
    await page.getByLabel('New password').waitFor();
    if (link === place.firstLink) {
      await page.getByLabel('Your name').fill('Root');
      await page.getByLabel('E-mail').fill('root@example.com');
    }
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByLabel('The password again').fill(PASSWORD);
    await page.getByRole('button', { name: 'Save and sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    return looker;
  }

  async function picture({ page }: Looker, name: string): Promise<void> {
    if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
  }

  beforeAll(async () => {
    place = await startWebPlace();
    expect((await place.send('POST', '/v1/configuration', FILE)).status).toBe(200);
    root = await lookerBy(place.firstLink);
    manager = await lookerOf('amara@example.com', 'member', 'amara');
    member = await lookerOf('benji@example.com', 'member', 'benji');
    reader = await lookerOf('cleo@example.com', 'read_only', 'cleo');
  });
  afterAll(async () => {
    for (const looker of [root, manager, member, reader]) await looker?.context.close();
    await place?.close();
  });

  /** The next shift of a person as primary that begins in some days. */
  async function shiftOf(person: string, days: number) {
    const { json } = await place.send('GET', `/v1/people/${person}/shifts?limit=60`);
    const found = json.data.find(
      (shift: { role: string; start: string }) =>
        shift.role === 'primary' && Date.parse(shift.start) > Date.now() + days * DAY_MS,
    );
    return found as { id: string; start: string; end: string };
  }

  const openSwaps = (): Promise<Answer> => place.send('GET', '/v1/swaps?state=open');

  it('asks for cover of a part of a shift, is offered less, and takes it', async () => {
    const shift = await shiftOf('benji', 3);
    await member.page.goto('/people/benji');
    await member.page.locator(`a[href*="shift=${shift.id}"]`).click();
    await member.page.getByRole('heading', { name: 'Ask for cover or an exchange' }).waitFor();
    await member.page.getByText('Is free at that time').first().waitFor();
    const amara = member.page.getByRole('radio', { name: /^Amara Okafor/ });
    expect(await amara.isEnabled()).toBe(true);
    await amara.check();
    await member.page.getByLabel('Reason').fill('concert');
    await picture(member, 'swap-ask');
    expect(await seriousFindings(member.page)).toEqual([]);
    await member.page.getByRole('button', { name: 'Ask', exact: true }).click();
    await member.page.getByRole('heading', { name: 'Benji Katz asks for cover' }).waitFor();

    await manager.page.goto('/swaps');
    await manager.page.getByText('concert').waitFor();
    await manager.page.getByRole('button', { name: 'Offer something else to Benji Katz' }).click();
    await manager.page.getByLabel('Only a part of it').check();
    const from = manager.page.getByLabel('From', { exact: true });
    const half = new Date(Date.parse(shift.start) + 12 * 3_600_000);
    // London's clock, where the offer is made.
    const wall = half.toLocaleString('sv-SE', { timeZone: 'Europe/London' }).slice(0, 16).replace(' ', 'T');
    await from.fill(wall);
    await picture(manager, 'swap-counter');
    expect(await seriousFindings(manager.page)).toEqual([]);
    await manager.page.getByRole('button', { name: 'Offer it' }).click();
    await manager.page.getByText('Amara Okafor offers to stand:').waitFor();

    await member.page.goto('/swaps');
    await picture(member, 'swap-offer');
    await member.page.getByRole('button', { name: 'Take the offer of Amara Okafor' }).click();
    await member.page.getByText('No swap is open.').waitFor();
    const { json } = await place.send(
      'GET',
      `/v1/schedules/payments/timeline?from=${half.toISOString()}&to=${shift.end}`,
    );
    const primary = json.shifts.filter((one: { role: string }) => one.role === 'primary');
    expect(primary.map((one: { person: string }) => one.person)).toEqual(['amara']);
    expect([...member.complaints, ...manager.complaints]).toEqual([]);
  });

  it('asks for an exchange against a named shift, and a manager answers for somebody', async () => {
    const [given, taken] = [await shiftOf('benji', 6), await shiftOf('cleo', 8)];
    await member.page.goto(`/swaps/new?person=benji&shift=${given.id}`);
    await member.page.getByLabel('Exchange: each for the other').check();
    await member.page.getByRole('radio', { name: /^Cleo Sato/ }).check();
    const group = member.page.getByRole('group', { name: 'What Cleo Sato gives back' });
    const index = (await place.send('GET', '/v1/people/cleo/shifts?limit=60')).json.data
      .filter(({ status }: { status: string }) => status === 'active')
      .findIndex(({ id }: { id: string }) => id === taken.id);
    await group.getByRole('checkbox').nth(index).check();
    await picture(member, 'swap-exchange');
    await member.page.getByRole('button', { name: 'Ask', exact: true }).click();
    await member.page.getByRole('heading', { name: 'Benji Katz would exchange' }).waitFor();
    const [asked] = (await openSwaps()).json.data;
    expect([asked.asked, asked.takes.length]).toEqual([['cleo'], 1]);
    await reader.page.goto('/swaps');
    await reader.page.getByRole('heading', { name: 'Benji Katz would exchange' }).waitFor();
    expect(await reader.page.getByRole('button', { name: /the swap of Benji/ }).count()).toBe(0);
    await manager.page.goto('/swaps');
    await manager.page.getByLabel('Answer for the swap of Benji Katz').waitFor();
    await manager.page.getByRole('button', { name: 'Accept the swap of Benji Katz' }).click();
    await manager.page.getByText('No swap is open.').waitFor();
    const { json } = await place.send('GET', `/v1/swaps/${asked.id}`);
    expect([json.state, json.acceptedBy]).toEqual(['applied', 'cleo']);
  });

  it('asks everybody for several shifts of somebody else as a manager, and takes that back', async () => {
    await manager.page.goto('/swaps/new');
    await manager.page.getByLabel('Whose shifts').selectOption('benji');
    const all = (await place.send('GET', '/v1/people/benji/shifts?limit=60')).json.data;
    const shifts = all.filter(({ status }: { status: string }) => status === 'active');
    const free: number[] = [];
    for (let at = 5; at < shifts.length && free.length < 2; at += 1) {
      const { json } = await place.send('GET', `/v1/shifts/${shifts[at].id}/candidates`);
      const amara = json.candidates.find(({ person }: { person: string }) => person === 'amara');
      if (amara?.eligible === true) free.push(at);
    }
    expect(free).toHaveLength(2);
    const boxes = manager.page.getByRole('group', { name: 'Which shifts' }).getByRole('checkbox');
    for (const at of free) await boxes.nth(at).check();
    await manager.page.getByLabel('Everybody of the team who is free').check();
    await manager.page.getByRole('button', { name: 'Ask', exact: true }).click();
    await manager.page.getByRole('heading', { name: 'Benji Katz asks for cover' }).waitFor();
    expect((await openSwaps()).json.data[0].gives).toHaveLength(2);
    await manager.page.getByRole('button', { name: 'Take back the swap of Benji Katz' }).click();
    await manager.page.getByText('No swap is open.').waitFor();
  });
});
