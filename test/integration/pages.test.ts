import {
  acknowledgePage,
  advancePages,
  escalatePage,
  notePage,
  reassignPage,
  resolvePage,
  resolvePageByKey,
  SECOND_CLICK_MS,
  STORM_PAGES_PER_MINUTE,
  snoozePage,
  type TriggerInput,
  triggerPage,
} from '@watchbill/commands';
import { findPage, pageLog, pagePages } from '@watchbill/database';
import { type EventType, parseEventData } from '@watchbill/events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accepted, refusalOf, storedEvents, type World } from './apply-fixture.ts';
import {
  applyPolicies,
  MINUTE_MS,
  nextStep,
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
beforeEach(() => world.at('2026-12-01T12:00:00Z'));
afterAll(() => world.close());

async function pageOf(id: string) {
  const page = await findPage(world.database, id);
  if (page === null) throw new Error(`no page ${id}`);
  return page;
}

async function eventsOf(page: string) {
  const events = await storedEvents(world.database, 'page.%');
  return events.filter(({ data }) => data.page.id === page);
}

const typesOf = async (page: string) => (await eventsOf(page)).map(({ type }) => type);
const by = (page: string, who: string | null = 'ann') => ({ page, by: who, via: 'api' as const });

describe('triggerPage', () => {
  it('tells the first step in the same transaction, in the log, the stream and the queue', async () => {
    const { page, number, outcome, dedupKey } = await trigger(world, {
      source: 'web-1',
      details: { load: 9 },
    });
    expect(outcome).toBe('triggered');
    const stored = await pageOf(page);
    expect(stored).toMatchObject({
      ...{ number, dedupKey, policy: null, schedule: 'support', urgency: 'high', details: { load: 9 } },
      place: { state: 'triggered', round: 1, pass: 0, step: 1, fired: 1, reached: true },
    });
    expect(stored.steps).toMatchObject([
      { number: 1, kind: 'step', step: 0, told: [{ person: 'ann', schedule: 'support', role: 'primary' }] },
    ]);
    expect(toldOf(stored.notifications)).toEqual(['ann.email']);
    expect(await typesOf(page)).toEqual(['page.triggered', 'page.escalated']);
    for (const { type, data } of await eventsOf(page)) {
      expect(() => parseEventData(type as EventType, data)).not.toThrow();
    }
    expect((await pageLog(world.database, page)).map(({ kind }) => kind)).toEqual(['triggered', 'escalated']);
    const { rows } = await world.database.pool.query(
      `SELECT payload FROM outbox WHERE queue = 'notifications' AND payload -> 'notifications' ? $1`,
      [stored.notifications[0]?.id],
    );
    expect(rows).toHaveLength(1);
    expect(await findPage(world.database, String(number))).toEqual(stored);
  });

  it('goes through the default policy of a schedule: its roles, twice, then the managers of its team', async () => {
    const { page } = await trigger(world);
    const told: string[] = [];
    for (let fired = 0; fired < 5; fired += 1) {
      const { steps } = await pageOf(page);
      told.push(
        steps
          .at(-1)
          ?.told.map((one) => one.person)
          .join('+') ?? '',
      );
      await nextStep(world, page);
    }
    expect(told).toEqual(['ann', 'dev', 'ann', 'dev', 'eve']);
    const ended = await pageOf(page);
    expect(ended.place).toMatchObject({ state: 'triggered', phase: 'ended', stepAt: null });
    expect(ended.steps.map(({ kind }) => kind).at(-1)).toBe('last_resort');
    expect((await nextStep(world, page)).fired).toEqual([]);
  });

  it('counts repeats of a key, and opens a new page after the end of the last', async () => {
    const key = { intake: 'int_1', dedupKey: 'disk-full' };
    const first = await trigger(world, key);
    const [second, third] = [await trigger(world, key), await trigger(world, { ...key, severity: 'info' })];
    expect([second, third].map(({ page, outcome }) => [page, outcome])).toEqual([
      [first.page, 'repeated'],
      [first.page, 'repeated'],
    ]);
    // Another sender, another page.
    expect((await trigger(world, { ...key, intake: 'int_2' })).outcome).toBe('triggered');
    const page = await pageOf(first.page);
    expect(page).toMatchObject({ repeats: 2, severity: 'critical' });
    expect(toldOf(page.notifications)).toEqual(['ann.email']);
    expect(accepted(await resolvePageByKey(world.context, key))).toEqual({ page: first.page, acted: true });
    expect(accepted(await resolvePageByKey(world.context, key))).toEqual({ page: null, acted: false });
    const after = await trigger(world, key);
    expect(after.outcome).toBe('triggered');
    expect(after.page).not.toBe(first.page);
  });

  it('opens one page for many signals of one key at the same moment', async () => {
    const key = { intake: 'int_race', dedupKey: 'race' };
    const all = await Promise.all(Array.from({ length: 40 }, () => trigger(world, key)));
    expect(new Set(all.map(({ page }) => page)).size).toBe(1);
    expect(all.filter(({ outcome }) => outcome === 'triggered')).toHaveLength(1);
    expect((await pageOf(all[0]?.page ?? '')).repeats).toBe(39);
  });

  it('calls from the start when a signal makes a harmless page urgent', async () => {
    const key = { dedupKey: 'slow' };
    const { page } = await trigger(world, { ...key, severity: 'info' });
    accepted(await acknowledgePage(world.context, by(page)));
    await trigger(world, { ...key, severity: 'warning' });
    expect((await pageOf(page)).place.state).toBe('acknowledged');
    expect((await trigger(world, { ...key, severity: 'critical' })).outcome).toBe('repeated');
    const raised = await pageOf(page);
    expect(raised).toMatchObject({ severity: 'critical', urgency: 'high', acknowledged: null, repeats: 2 });
    expect(raised.place).toMatchObject({ state: 'triggered', round: 2, fired: 2 });
    expect((await typesOf(page)).slice(-2)).toEqual(['page.retriggered', 'page.escalated']);
  });

  it('folds a storm into one page, which ends with the last of its signals', async () => {
    const signal = (index: number) =>
      trigger(world, { intake: 'int_storm', dedupKey: `host-${index}`, summary: `Host ${index} is down` });
    const total = STORM_PAGES_PER_MINUTE + 12;
    const made: Awaited<ReturnType<typeof signal>>[] = [];
    for (let index = 0; index < total; index += 1) made.push(await signal(index));
    const folded = made.filter(({ outcome }) => outcome === 'folded');
    expect(folded).toHaveLength(12);
    const [storm] = new Set(folded.map(({ page }) => page));
    const page = await pageOf(storm ?? '');
    expect(page).toMatchObject({ folds: true, folded: 12 });
    expect(page.summary).toContain(`Host ${STORM_PAGES_PER_MINUTE} is down`);
    expect(toldOf(page.notifications)).toEqual(['ann.email']);
    // A repeat of a folded signal is counted there, too.
    expect(await signal(total - 1)).toMatchObject({ outcome: 'folded', page: storm });
    expect((await pageOf(storm ?? '')).repeats).toBe(1);
    for (let index = STORM_PAGES_PER_MINUTE; index < total; index += 1) {
      expect((await pageOf(storm ?? '')).place.state).toBe('triggered');
      accepted(await resolvePageByKey(world.context, { intake: 'int_storm', dedupKey: `host-${index}` }));
    }
    expect((await pageOf(storm ?? '')).place.state).toBe('resolved');
    // When the storm is over, a signal calls on its own again.
    await world.database.pool.query(`UPDATE page_rates SET window_started_at = now() - interval '2 minutes'`);
    expect((await signal(total)).outcome).toBe('triggered');
  });

  it('counts every one of ten thousand signals of a hundred keys', async () => {
    const outcomes = new Map<string, number>();
    const one = async (index: number) => {
      const { outcome } = await trigger(world, { intake: 'int_flood', dedupKey: `key-${index % 100}` });
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };
    const indexes = Array.from({ length: 10_000 }, (_, index) => index).values();
    const lane = async () => {
      for (const index of indexes) await one(index);
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    expect(Object.fromEntries(outcomes)).toEqual({ triggered: 100, repeated: 9_900 });
    const { rows } = await world.database.pool.query(
      `SELECT count(*)::int AS pages, sum(repeats + folded)::int AS counted FROM pages WHERE intake = 'int_flood'`,
    );
    expect(rows).toEqual([{ pages: 100, counted: 9_900 }]);
  }, 60_000);

  it('refuses what cannot be, says why, and stores nothing', async () => {
    const cases: [Partial<TriggerInput>, string, string][] = [
      [{ schedule: 'unheard' }, 'not_found', 'schedule/unknown'],
      [{ policy: 'unheard' }, 'not_found', 'policy/unknown'],
      [{ schedule: 'support', policy: 'support' }, 'invalid', 'page/policy'],
      [{ schedule: null }, 'invalid', 'page/policy'],
      [{ summary: ' \n ' }, 'invalid', 'page/summary'],
      [{ summary: 'x'.repeat(1_025) }, 'invalid', 'page/summary'],
      [{ severity: 'urgent' as 'info' }, 'invalid', 'page/severity'],
      [{ dedupKey: '' }, 'invalid', 'page/dedupKey'],
      [{ source: 'x'.repeat(256) }, 'invalid', 'page/source'],
      [{ details: { text: 'x'.repeat(17_000) } }, 'invalid', 'page/details'],
      [{ links: [{ href: 'javascript:alert(1)' }] }, 'invalid', 'page/links'],
      [{ summary: 'a\0b' }, 'invalid', 'text/unstorable'],
    ];
    const count = () => world.database.pool.query('SELECT count(*) FROM pages');
    const before = (await count()).rows;
    for (const [change, code, reason] of cases) {
      const input = { summary: 'x', severity: 'info' as const, schedule: 'support', ...change };
      const { schedule, ...rest } = input;
      const wish = 'policy' in change && !('schedule' in change) ? rest : { ...rest, schedule };
      expect(refusalOf(await triggerPage(world.context, wish)), JSON.stringify(change)).toMatchObject({
        ...{ code, reason },
      });
    }
    expect((await count()).rows).toEqual(before);
  });

  it('keeps the summary on one line', async () => {
    const { page } = await trigger(world, { summary: 'a\n\u001b[31mb\u202Ec' });
    expect((await pageOf(page)).summary).toBe('a [31mb c');
  });
});

describe('the policy', () => {
  it('is the one of the time of the trigger; the people are those of the time of the step', async () => {
    await applyPolicies(world, [policyOf('snapshot', [step([role('support')]), step([person('ben')])])]);
    const { page } = await trigger(world, { policy: 'snapshot' });
    await applyPolicies(world, [policyOf('snapshot', [step([person('dev')])])]);
    // A week later it is ben's turn; the page still asks the role and then ben.
    await world.at('2026-12-08T12:00:00Z');
    accepted(await escalatePage(world.context, by(page)));
    expect((await pageOf(page)).steps.map(({ told }) => told[0]?.person)).toEqual(['ann', 'ben']);
    const { page: later } = await trigger(world, { policy: 'snapshot' });
    expect((await pageOf(later)).steps.map(({ told }) => told[0]?.person)).toEqual(['dev']);
  });

  it('passes over a step whose role has nobody on call, at once, and says so', async () => {
    await applyPolicies(world, [
      policyOf('holed', [step([role('support', 'third')]), step([person('dev')])]),
    ]);
    const { page } = await trigger(world, { policy: 'holed' });
    const { steps } = await pageOf(page);
    expect(steps).toMatchObject([
      { number: 1, step: 1, told: [{ person: 'dev' }], skipped: [{ pass: 0, step: 0, reason: 'nobody' }] },
    ]);
  });

  it('goes by the core hours of the schedule, and by the severity', async () => {
    const hours = (kind: 'core' | 'non-core') => ({ hours: { kind, schedule: 'support' } });
    await applyPolicies(world, [
      policyOf('hours', [
        step([person('ann')], { ...hours('core'), severities: ['critical'] }),
        step([person('ben')], hours('core')),
        step([person('dev')], hours('non-core')),
      ]),
    ]);
    const toldAt = async (at: string, severity: 'critical' | 'info') => {
      await world.at(at);
      const { page } = await trigger(world, { policy: 'hours', severity });
      return (await pageOf(page)).steps[0]?.told[0]?.person;
    };
    expect(await toldAt('2026-12-01T12:00:00Z', 'critical')).toBe('ann');
    expect(await toldAt('2026-12-01T12:00:00Z', 'info')).toBe('ben');
    expect(await toldAt('2026-12-01T17:00:00Z', 'critical')).toBe('dev');
    expect(await toldAt('2026-12-05T12:00:00Z', 'critical')).toBe('dev');
  });

  it('says that nobody can be told, and tells the first who can', async () => {
    await applyPolicies(world, [policyOf('deserted', [step([person('ann')])])]);
    await world.database.pool.query(`UPDATE people SET email = NULL WHERE id = 'ann'`);
    const { page } = await trigger(world, { policy: 'deserted' });
    expect(await typesOf(page)).toEqual(['page.triggered', 'page.unreachable']);
    expect((await pageOf(page)).place).toMatchObject({ phase: 'seeking', fired: 0 });
    await nextStep(world, page);
    // It is told once, and not each time that it is looked for somebody.
    expect(await typesOf(page)).toEqual(['page.triggered', 'page.unreachable']);
    await world.database.pool.query(`UPDATE people SET email = 'ann@example.com' WHERE id = 'ann'`);
    expect((await nextStep(world, page)).fired).toMatchObject([{ page, number: 1 }]);
    expect(toldOf((await pageOf(page)).notifications)).toEqual(['ann.email']);
  });

  it('takes turns in a round robin step, page by page', async () => {
    await applyPolicies(world, [
      policyOf('turns', [step([person('ann'), person('ben'), person('cleo')], { roundRobin: true })]),
    ]);
    const told: (string | undefined)[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { page } = await trigger(world, { policy: 'turns' });
      told.push((await pageOf(page)).steps[0]?.told[0]?.person);
    }
    expect(told).toEqual(['ann', 'ben', 'cleo', 'ann']);
    const together = await Promise.all(Array.from({ length: 6 }, () => trigger(world, { policy: 'turns' })));
    const people = await Promise.all(
      together.map(async ({ page }) => (await pageOf(page)).steps[0]?.told[0]?.person),
    );
    expect([...people].sort()).toEqual(['ann', 'ann', 'ben', 'ben', 'cleo', 'cleo']);
  });

  it('tells by Slack and e-mail whoever has set no rules, as far as there are accounts', async () => {
    await applyPolicies(world, [policyOf('ways', [step([person('ann'), person('ben')])])]);
    await world.database.pool.query(
      `INSERT INTO slack_workspaces (id, name, origin) VALUES ('T1', 'Example', 'token');
       INSERT INTO slack_people (workspace, slack_user, person, origin) VALUES ('T1', 'U1', 'ann', 'hand')`,
    );
    const { page } = await trigger(world, { policy: 'ways' });
    await world.database.pool.query('DELETE FROM slack_people; DELETE FROM slack_workspaces');
    expect(toldOf((await pageOf(page)).notifications)).toEqual(['ann.slack', 'ann.email', 'ben.email']);
  });

  it('tells channels and addresses beside people', async () => {
    await applyPolicies(world, [
      policyOf('wide', [
        step([
          person('ann'),
          { kind: 'slackChannel', channel: '#support' },
          { kind: 'webhook', url: 'https://example.com/pager?key=secret' },
        ]),
      ]),
    ]);
    const { page } = await trigger(world, { policy: 'wide' });
    expect(toldOf((await pageOf(page)).notifications)).toEqual([
      'ann.email',
      '#support.slack',
      'webhook.webhook',
    ]);
    // An address may hold a secret: it stands in no event.
    expect(JSON.stringify(await eventsOf(page))).not.toContain('secret');
  });
});

describe('acts', () => {
  it('acknowledges once, cancels what is not sent yet, and tells later clicks who it was', async () => {
    const { page } = await trigger(world);
    const first = accepted(await acknowledgePage(world.context, by(page, 'ann')));
    expect(first).toMatchObject({ acted: true, page: { place: { state: 'acknowledged', stepAt: null } } });
    const second = accepted(await acknowledgePage(world.context, by(page, 'ben')));
    expect(second).toMatchObject({ acted: false, page: { acknowledged: { person: 'ann', via: 'api' } } });
    expect((await pageOf(page)).notifications.map(({ status }) => status)).toEqual(['cancelled']);
    expect((await nextStep(world, page)).fired).toEqual([]);
    expect((await typesOf(page)).filter((type) => type === 'page.acknowledged')).toHaveLength(1);
    accepted(await resolvePage(world.context, by(page, 'ann')));
    const late = accepted(await acknowledgePage(world.context, by(page, 'ben')));
    expect(late).toMatchObject({ acted: false, page: { resolved: { person: 'ann' } } });
  });

  it('acts once when two click at once, and answers both', async () => {
    const { page } = await trigger(world);
    for (const act of [escalatePage, acknowledgePage, resolvePage]) {
      const both = await Promise.all(['ann', 'ben'].map((who) => act(world.context, by(page, who))));
      expect(both.map((result) => accepted(result).acted).sort(), act.name).toEqual([false, true]);
    }
    expect((await pageOf(page)).steps).toHaveLength(2);
    expect((await typesOf(page)).slice(-3)).toEqual(['page.escalated', 'page.acknowledged', 'page.resolved']);
  });

  it('escalates at once, also an acknowledged page, but not for whoever has not seen the last step', async () => {
    const { page } = await trigger(world);
    accepted(await acknowledgePage(world.context, by(page)));
    const stale = accepted(await escalatePage(world.context, { ...by(page), fired: 0 }));
    expect(stale.acted).toBe(false);
    const moved = accepted(await escalatePage(world.context, { ...by(page), fired: 1 }));
    expect(moved).toMatchObject({
      acted: true,
      page: { acknowledged: null, place: { state: 'triggered', fired: 2 } },
    });
    expect((await eventsOf(page)).at(-1)?.data).toMatchObject({
      actor: { person: 'ann' },
      step: { number: 2 },
    });
    await waitFor(world, page, SECOND_CLICK_MS);
    accepted(await escalatePage(world.context, by(page)));
    expect((await pageOf(page)).steps.map(({ pass, step: index }) => [pass, index])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  it('snoozes until an instant and begins again then', async () => {
    const { page } = await trigger(world);
    const until = Date.now() + 60 * MINUTE_MS;
    expect(accepted(await snoozePage(world.context, { ...by(page), until }))).toMatchObject({
      acted: true,
      page: { place: { state: 'acknowledged', snoozedUntil: until } },
    });
    expect(accepted(await snoozePage(world.context, { ...by(page, 'ben'), until: until + 7 })).acted).toBe(
      false,
    );
    expect((await nextStep(world, page, 59 * MINUTE_MS)).fired).toEqual([]);
    expect((await nextStep(world, page, 2 * MINUTE_MS)).fired).toMatchObject([{ number: 2 }]);
    expect((await pageOf(page)).place).toMatchObject({ state: 'triggered', round: 2, snoozedUntil: null });
    expect((await eventsOf(page)).find(({ type }) => type === 'page.retriggered')?.data.reason).toBe(
      'snooze_ended',
    );
    for (const wrong of [Date.now() - 1, Date.now() + 31 * 24 * 60 * MINUTE_MS, Number.NaN]) {
      const result = await snoozePage(world.context, { ...by(page), until: wrong });
      expect(refusalOf(result).reason).toBe('page/snooze-until');
    }
  });

  it('triggers an acknowledged page again that is not resolved in time', async () => {
    const policy = policyOf('firm', [step([person('ann')])], { retriggerAfterMs: 30 * MINUTE_MS });
    await applyPolicies(world, [policy]);
    const { page } = await trigger(world, { policy: 'firm' });
    accepted(await acknowledgePage(world.context, by(page)));
    expect((await nextStep(world, page, 29 * MINUTE_MS)).fired).toEqual([]);
    expect((await nextStep(world, page, 2 * MINUTE_MS)).fired).toMatchObject([{ number: 2 }]);
    expect((await eventsOf(page)).at(-2)?.data).toMatchObject({ reason: 'unresolved', page: { round: 2 } });
  });

  it('gives a page to a person, and goes on as the policy says without an answer', async () => {
    const { page } = await trigger(world);
    const given = accepted(await reassignPage(world.context, { ...by(page), to: { person: 'cleo' } }));
    expect(given).toMatchObject({ acted: true, page: { assignedTo: 'cleo', place: { round: 2 } } });
    const again = await reassignPage(world.context, { ...by(page, 'ben'), to: { person: 'cleo' } });
    expect(accepted(again).acted).toBe(false);
    await nextStep(world, page);
    await nextStep(world, page);
    expect((await pageOf(page)).steps.map(({ kind, told }) => `${kind} ${told[0]?.person}`)).toEqual([
      'step ann',
      'assigned cleo',
      'step ann',
      'step dev',
    ]);
    const stranger = await reassignPage(world.context, { ...by(page), to: { person: 'zoe' } });
    expect(refusalOf(stranger).reason).toBe('person/unknown');
  });

  it('gives a page to another policy', async () => {
    await applyPolicies(world, [policyOf('elsewhere', [step([person('ben')])])]);
    const { page } = await trigger(world);
    accepted(await reassignPage(world.context, { ...by(page), to: { policy: 'elsewhere' } }));
    expect((await pageOf(page)).steps.map(({ told }) => told[0]?.person)).toEqual(['ann', 'ben']);
    const unknown = await reassignPage(world.context, { ...by(page), to: { schedule: 'nowhere' } });
    expect(refusalOf(unknown).reason).toBe('schedule/unknown');
  });

  it('notes what people say, and refuses what no open page could do', async () => {
    const { page } = await trigger(world);
    accepted(await resolvePage(world.context, by(page)));
    accepted(await notePage(world.context, { ...by(page), text: ' It was the\r\ncertificate. ' }));
    expect((await pageLog(world.database, page)).at(-1)).toMatchObject({
      ...{ kind: 'noted', person: 'ann', via: 'api', detail: { text: 'It was the\ncertificate.' } },
    });
    expect(refusalOf(await notePage(world.context, { ...by(page), text: ' ' })).reason).toBe('page/note');
    for (const refused of [
      await escalatePage(world.context, by(page)),
      await snoozePage(world.context, { ...by(page), until: Date.now() + MINUTE_MS }),
      await reassignPage(world.context, { ...by(page), to: { person: 'ben' } }),
    ]) {
      expect(refusalOf(refused)).toMatchObject({ code: 'conflict', reason: 'page/resolved' });
      expect(refusalOf(refused).message).toContain('ann resolved it');
    }
    expect(refusalOf(await acknowledgePage(world.context, by('pag_none'))).reason).toBe('page/unknown');
    expect(refusalOf(await acknowledgePage(world.context, by(page, 'zoe'))).reason).toBe('person/unknown');
  });
});

describe('reading', () => {
  it('lists pages, the newest first, by state, schedule and person', async () => {
    await applyPolicies(world, [policyOf('eves', [step([person('eve')])])]);
    const one = await trigger(world, { policy: 'eves' });
    const two = await trigger(world, { policy: 'eves' });
    accepted(await acknowledgePage(world.context, by(one.page, 'cleo')));
    const list = async (query: Partial<Parameters<typeof pagePages>[1]>) =>
      (await pagePages(world.database, { limit: 2, ...query })).map((page) => page.id);
    expect(await list({})).toEqual([two.page, one.page]);
    expect(await list({ after: two.number, limit: 1 })).toEqual([one.page]);
    expect(await list({ states: ['acknowledged'], limit: 1 })).toEqual([one.page]);
    expect(await list({ person: 'cleo', states: ['acknowledged'], limit: 1 })).toEqual([one.page]);
    expect(await list({ person: 'eve' })).toEqual([two.page, one.page]);
    expect(await list({ schedule: 'nowhere' })).toEqual([]);
    expect(await advancePages(world.database, ['pag_none'])).toEqual({ fired: [], silent: 0, failed: [] });
  });
});
