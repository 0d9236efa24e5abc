import {
  acknowledgePage,
  advancePages,
  createOverride,
  handOverPages,
  reassignPage,
  resolvePage,
  wakeDuePages,
} from '@watchbill/commands';
import { findPage, pageLog } from '@watchbill/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accepted, instantOf, passTime, storedEvents, type World } from './apply-fixture.ts';
import {
  applyPolicies,
  MINUTE_MS,
  openPageWorld,
  person,
  policyOf,
  role,
  step,
  toldOf,
  trigger,
  waitFor,
} from './page-fixture.ts';

let world: World;
beforeAll(async () => {
  world = await openPageWorld();
});
beforeEach(async () => {
  await world.database.pool.query('TRUNCATE pages CASCADE');
  await world.at('2026-12-01T12:00:00Z');
});
afterAll(() => world.close());

async function pageOf(id: string) {
  const page = await findPage(world.database, id);
  if (page === null) throw new Error(`no page ${id}`);
  return page;
}

const by = (page: string, who = 'ann') => ({ page, by: who, via: 'api' as const });

/** The wake-ups for pages that were written since the last call. */
async function wakes(): Promise<string[][]> {
  const { rows } = await world.database.pool.query<{ payload: { pages: string[] } }>(
    `DELETE FROM outbox WHERE queue = 'pages' RETURNING payload`,
  );
  return rows.map(({ payload }) => payload.pages);
}

describe('two engines', () => {
  it('fire a due step once, however many are woken for it, and how often', async () => {
    const pages = await Promise.all(Array.from({ length: 5 }, () => trigger(world)));
    const ids = pages.map(({ page }) => page);
    for (const id of ids) await waitFor(world, id, 5 * MINUTE_MS);
    const runs = await Promise.all(Array.from({ length: 8 }, () => advancePages(world.database, ids)));
    expect(
      runs
        .flatMap(({ fired }) => fired)
        .map(({ page }) => page)
        .sort(),
    ).toEqual([...ids].sort());
    expect(runs.flatMap(({ failed }) => failed)).toEqual([]);
    expect((await advancePages(world.database, ids)).fired).toEqual([]);
    for (const id of ids) {
      const page = await pageOf(id);
      expect(page.steps.map(({ number }) => number)).toEqual([1, 2]);
      expect(toldOf(page.notifications)).toEqual(['ann.email', 'dev.email']);
    }
  });

  it('leave nothing behind when one of them dies in the middle, and the next one does it', async () => {
    const { page } = await trigger(world);
    await waitFor(world, page, 5 * MINUTE_MS);
    const holder = await world.database.pool.connect();
    await holder.query('BEGIN');
    await holder.query(`LOCK TABLE page_log IN ACCESS EXCLUSIVE MODE`);
    const dying = advancePages(world.database, [page]);
    // It has moved the page and written the step when it comes to the log; there it is cut off.
    const victim = async () => {
      const { rows } = await world.database.pool.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO page_log%'
           AND datname = current_database()`,
      );
      return rows[0]?.pid;
    };
    try {
      await expect.poll(victim, { timeout: 10_000 }).toBeGreaterThan(0);
      await world.database.pool.query('SELECT pg_terminate_backend($1)', [await victim()]);
      expect((await dying).failed).toMatchObject([{ page }]);
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
    expect((await pageOf(page)).steps).toHaveLength(1);
    expect((await advancePages(world.database, [page])).fired).toMatchObject([{ page, number: 2 }]);
    expect(toldOf((await pageOf(page)).notifications)).toEqual(['ann.email', 'dev.email']);
  });

  it('fire one step after an outage, and the next one only its wait later', async () => {
    const { page } = await trigger(world);
    await waitFor(world, page, 300 * MINUTE_MS);
    const [fired] = (await advancePages(world.database, [page])).fired;
    expect(fired?.lateMs).toBeGreaterThanOrEqual(295 * MINUTE_MS);
    expect((await advancePages(world.database, [page])).fired).toEqual([]);
    await waitFor(world, page, 4 * MINUTE_MS);
    expect((await advancePages(world.database, [page])).fired).toEqual([]);
    const told = (await storedEvents(world.database, 'page.escalated')).at(-1);
    expect(told?.data).toMatchObject({ late: true, step: { number: 2 } });
  });

  it('answer an acknowledgement that comes with the step at the same moment: one of the two is first', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { page } = await trigger(world);
      await waitFor(world, page, 5 * MINUTE_MS);
      const [acted, advanced] = await Promise.all([
        acknowledgePage(world.context, by(page)),
        advancePages(world.database, [page]),
      ]);
      expect(accepted(acted).acted).toBe(true);
      const stored = await pageOf(page);
      expect(stored.place.state).toBe('acknowledged');
      expect(stored.steps).toHaveLength(1 + advanced.fired.length);
      // Whoever was told in the last moment is not told any further.
      expect(stored.notifications.every(({ status }) => status === 'cancelled')).toBe(true);
    }
  });
});

describe('waking', () => {
  it('wakes what is due, once, and again what had no effect', async () => {
    await wakes();
    const { page: due } = await trigger(world);
    const { page: later } = await trigger(world);
    await waitFor(world, due, 5 * MINUTE_MS);
    const all = await Promise.all(
      Array.from({ length: 4 }, () => wakeDuePages(world.database, { wakeAgainMs: 60_000 })),
    );
    expect(all.reduce((sum, { pages }) => sum + pages, 0)).toBe(1);
    expect(await wakes()).toEqual([[due]]);
    // The queue loses the job, and nobody fires the step: the wake-up comes again.
    expect((await wakeDuePages(world.database, { wakeAgainMs: 60_000 })).pages).toBe(0);
    await world.database.pool.query(
      `UPDATE pages SET wake_at = wake_at - interval '6 seconds' WHERE id = $1`,
      [due],
    );
    expect((await wakeDuePages(world.database, { wakeAgainMs: 60_000 })).pages).toBe(1);
    expect(await wakes()).toEqual([[due]]);
    await advancePages(world.database, [due]);
    await world.database.pool.query(`UPDATE pages SET wake_at = wake_at - interval '6 seconds'`);
    expect((await wakeDuePages(world.database, { wakeAgainMs: 60_000 })).pages).toBe(0);
    expect((await pageOf(later)).steps).toHaveLength(1);
  });

  it('wakes notifications whose job was lost, and none that is finished', async () => {
    const { page } = await trigger(world);
    const ids = (await pageOf(page)).notifications.map(({ id }) => id);
    await world.database.pool.query(`DELETE FROM outbox WHERE queue = 'notifications'`);
    expect((await wakeDuePages(world.database, { wakeAgainMs: 60_000 })).notifications).toBe(0);
    await world.database.pool.query(`UPDATE notifications SET wake_at = now() - interval '1 second'`);
    expect((await wakeDuePages(world.database, { wakeAgainMs: 60_000 })).notifications).toBe(1);
    const { rows } = await world.database.pool.query(
      `SELECT payload FROM outbox WHERE queue = 'notifications'`,
    );
    expect(rows).toEqual([{ payload: { notifications: ids } }]);
    accepted(await acknowledgePage(world.context, by(page)));
    const { rows: left } = await world.database.pool.query(
      'SELECT 1 FROM notifications WHERE wake_at IS NOT NULL',
    );
    expect(left).toEqual([]);
  });
});

describe('a shift change', () => {
  it('tells whoever comes on call of the open pages of the role, once', async () => {
    const { page } = await trigger(world);
    const { page: taken } = await trigger(world);
    const { page: over } = await trigger(world);
    accepted(await acknowledgePage(world.context, by(taken)));
    accepted(await resolvePage(world.context, by(over)));
    expect(await handOverPages(world.database, null)).toBe(0);
    await world.at('2026-12-07T09:00:01Z');
    await passTime(world);
    const twice = await Promise.all([
      handOverPages(world.database, ['support']),
      handOverPages(world.database, null),
    ]);
    expect(twice[0] + twice[1]).toBe(2);
    expect(await handOverPages(world.database, null)).toBe(0);
    expect(toldOf((await pageOf(page)).notifications)).toEqual(['ann.email', 'ben.email']);
    const [told] = (await pageOf(taken)).notifications.slice(-1);
    // Somebody takes care of it already, so nobody is woken for it.
    expect(told).toMatchObject({ person: 'ben', reason: 'handover', urgency: 'low', status: 'pending' });
    expect((await pageOf(over)).notifications).toHaveLength(1);
    expect((await pageLog(world.database, page)).at(-1)).toMatchObject({
      ...{ kind: 'handed_over', detail: { schedule: 'support', role: 'primary', told: ['ben'] } },
    });
    const events = await storedEvents(world.database, 'page.handed_over');
    expect(events.map(({ data }) => data.page.id).sort()).toEqual([page, taken].sort());
    // Where it stands in the policy is not touched.
    expect((await pageOf(page)).place).toMatchObject({ fired: 1, step: 1 });
  });

  it('is an override just the same, and also where nobody was on call before', async () => {
    await applyPolicies(world, [
      policyOf('third', [
        step([role('support', 'third')]),
        step([role('support')], { waitMs: 60 * MINUTE_MS }),
      ]),
    ]);
    const { page } = await trigger(world, { policy: 'third' });
    const now = instantOf('2026-12-01T12:00:00Z');
    const window = { start: now, end: now + 3_600_000 };
    accepted(
      await createOverride(world.context, {
        schedule: 'support',
        kind: 'replace',
        people: ['eve'],
        ...window,
      }),
    );
    await world.at(now + 1_000);
    expect(await handOverPages(world.database, ['support'])).toBe(1);
    expect(toldOf((await pageOf(page)).notifications)).toEqual(['ann.email', 'eve.email']);
  });

  it('tells one more of a round robin role only when the one who was told has gone', async () => {
    const both = { schedule: 'support', kind: 'add' as const, people: ['ben'] };
    const now = await world.at('2026-12-02T12:00:00Z');
    accepted(await createOverride(world.context, { ...both, start: now, end: now + 60_000 }));
    await world.at(now + 1_000);
    await applyPolicies(world, [policyOf('one', [step([role('support')], { roundRobin: true })])]);
    const { page } = await trigger(world, { policy: 'one' });
    const [first = ''] = (await pageOf(page)).steps.flatMap(({ told }) => told.map((one) => one.person));
    expect(['ann', 'ben']).toContain(first);
    expect(await handOverPages(world.database, null)).toBe(0);
    await world.at('2026-12-14T09:00:01Z');
    expect(await handOverPages(world.database, null)).toBe(1);
    expect(toldOf((await pageOf(page)).notifications)).toEqual([`${first}.email`, 'cleo.email']);
  });

  it('does not concern a page that was given to somebody else', async () => {
    const { page } = await trigger(world);
    accepted(await reassignPage(world.context, { ...by(page), to: { person: 'eve' } }));
    await world.at('2026-12-07T09:00:01Z');
    expect(await handOverPages(world.database, null)).toBe(0);
  });

  it('finds somebody for a page that nobody could be told of', async () => {
    await applyPolicies(world, [policyOf('alone', [step([person('ann'), role('support', 'none')])])]);
    await world.database.pool.query(`UPDATE people SET email = NULL WHERE id = 'ann'`);
    const { page } = await trigger(world, { policy: 'alone' });
    expect((await pageOf(page)).place.phase).toBe('seeking');
    expect((await pageOf(page)).notifications).toEqual([]);
    await world.database.pool.query(`UPDATE people SET email = 'ann@example.com' WHERE id = 'ann'`);
    await waitFor(world, page, 5 * MINUTE_MS);
    expect((await advancePages(world.database, [page])).fired).toHaveLength(1);
  });
});
