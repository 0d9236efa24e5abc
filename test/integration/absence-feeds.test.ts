import { absenceFeedStatus } from '@watchbill/database';
import { createLogger } from '@watchbill/runtime';
import {
  type FeedFetcher,
  openFeedFetcher,
  pollDueFeeds,
  type ReadCalendar,
  readAbsenceCalendar,
  readInThread,
} from '@watchbill/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { apply, instantOf, openWorld, type World } from './apply-fixture.ts';
import { fairly, planAll } from './plan-fixture.ts';

const POLL_MS = 900_000;
let world: World;
let server: WebhookReceiver;
let fetcher: FeedFetcher;
const logged: string[] = [];
const logger = createLogger({ logLevel: 'warn' }, 'test', {
  write: (line: string) => void logged.push(line),
});

beforeEach(async () => {
  logged.length = 0;
  world = await openWorld('2026-11-30T12:00:00Z');
  await apply(world, [fairly('pay')]);
  server = await startWebhookReceiver();
  fetcher = openFeedFetcher({ timeoutMs: 5_000, allowedNetworks: ['127.0.0.0/8'] });
});
afterEach(async () => {
  await fetcher.close();
  await server.close();
  await world.close();
});

function calendar(...events: readonly (readonly string[])[]): string {
  const parts = events.flatMap((lines) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT']);
  return ['BEGIN:VCALENDAR', ...parts, 'END:VCALENDAR', ''].join('\r\n');
}

const LEAVE = ['UID:leave', 'DTSTART;VALUE=DATE:20261221', 'DTEND;VALUE=DATE:20261228'];
const VISIT = ['UID:visit', 'DTSTART:20261202T100000Z', 'DTEND:20261202T120000Z'];

function serve(answer: Partial<Answer>): void {
  server.answerWith(() => ({ status: 200, ...answer }));
}

async function addressOf(person: string, url: string | null): Promise<void> {
  await world.database.pool.query(
    `UPDATE watchbill.people SET definition = (definition - 'unavailableFeed') || $2::jsonb WHERE id = $1`,
    [person, JSON.stringify(url === null ? {} : { unavailableFeed: url })],
  );
}

/** Without a thread, which loads every module anew when it runs from its sources. */
const readHere: ReadCalendar = async (task) => readAbsenceCalendar(task);

function poll(
  options: {
    readonly using?: FeedFetcher;
    readonly read?: ReadCalendar;
    readonly random?: () => number;
  } = {},
): Promise<number> {
  const { database } = world;
  const signal = new AbortController().signal;
  const { using = fetcher, read = readHere, random = () => 0.5 } = options;
  return pollDueFeeds({ database, logger, fetcher: using, read, pollMs: POLL_MS, random }, signal);
}

/** Makes every feed due now. */
async function later(): Promise<void> {
  await world.database.pool.query('UPDATE watchbill.absence_feeds SET next_poll_at = clock_timestamp()');
}

async function pollAgain(answer: Partial<Answer>): Promise<void> {
  serve(answer);
  await later();
  expect(await poll()).toBe(1);
}

async function stored(): Promise<{ person: string; start: number; end: number; origin: string }[]> {
  const { rows } = await world.database.pool.query(
    `SELECT person, starts_at AS start, ends_at AS end, origin FROM watchbill.absences
     WHERE cancelled_at IS NULL ORDER BY starts_at, ends_at`,
  );
  return rows;
}

async function status(): Promise<{ outcome: string; detail: string; failures: number; pause: number }> {
  const { rows } = await world.database.pool.query(
    `SELECT outcome, detail, failures, round(extract(epoch FROM next_poll_at - polled_at) / 60)::integer AS pause
     FROM watchbill.absence_feeds`,
  );
  return rows[0];
}

async function events(): Promise<string[]> {
  const { rows } = await world.database.pool.query(
    `SELECT type FROM watchbill.events WHERE type LIKE 'absence.%' ORDER BY sequence`,
  );
  return rows.map((row) => row.type);
}

describe('a calendar of absences', () => {
  it('becomes absences with their events and a new plan, and polling again changes nothing', async () => {
    await planAll(world);
    serve({ body: calendar(LEAVE, VISIT) });
    await addressOf('ann', `${server.url}.ics?key=secret`);
    expect(await poll({ read: readInThread })).toBe(1);
    const found = [
      {
        ...{ person: 'ann', origin: 'feed' },
        ...{ start: instantOf('2026-12-02T10:00:00Z'), end: instantOf('2026-12-02T12:00:00Z') },
      },
      {
        ...{ person: 'ann', origin: 'feed' },
        ...{ start: instantOf('2026-12-21T00:00:00Z'), end: instantOf('2026-12-28T00:00:00Z') },
      },
    ];
    expect(await stored()).toEqual(found);
    expect(await events()).toEqual(['absence.entered', 'absence.entered']);
    const requests = await world.database.pool.query('SELECT reason FROM watchbill.plan_requests');
    expect(requests.rows).toEqual([{ reason: 'absence' }]);
    expect(await poll()).toBe(0);
    await planAll(world);
    await pollAgain({ body: calendar(VISIT, LEAVE) });
    expect(await stored()).toEqual(found);
    expect(await events()).toHaveLength(2);
    expect((await world.database.pool.query('SELECT FROM watchbill.plan_requests')).rows).toEqual([]);
    expect(await status()).toMatchObject({ outcome: 'read', failures: 0, pause: 15 });
  });

  it('follows changes, and leaves the past and what others entered alone', async () => {
    serve({ body: calendar(LEAVE, VISIT) });
    await addressOf('ann', server.url);
    await poll();
    await world.at('2026-12-03T12:00:00Z');
    const longer = ['UID:leave', 'DTSTART;VALUE=DATE:20261221', 'DTEND;VALUE=DATE:20270102'];
    await pollAgain({ body: calendar(longer) });
    expect((await stored()).map(({ end }) => end)).toEqual([
      instantOf('2026-12-02T12:00:00Z'),
      instantOf('2027-01-02T00:00:00Z'),
    ]);
    expect((await events()).slice(2)).toEqual(['absence.cancelled', 'absence.entered']);
    await pollAgain({ body: calendar(longer) });
    expect(await events()).toHaveLength(4);
    // What the calendar prolongs after its end counts again.
    await pollAgain({ body: calendar([...VISIT.slice(0, 2), 'DTEND:20261204T120000Z']) });
    expect((await stored()).map(({ end }) => end)).toEqual([
      instantOf('2026-12-02T12:00:00Z'),
      instantOf('2026-12-04T12:00:00Z'),
    ]);
    await addressOf('ann', null);
    expect(await poll()).toBe(1);
    expect(await stored()).toHaveLength(1);
    expect(await status()).toBeUndefined();
  });

  it('asks whether anything has changed', async () => {
    const lastModified = 'Mon, 30 Nov 2026 08:00:00 GMT';
    serve({ body: calendar(LEAVE), headers: { etag: '"v1"', 'last-modified': lastModified } });
    await addressOf('ann', server.url);
    await poll();
    await pollAgain({ status: 304 });
    expect(server.requests[1]?.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': lastModified,
    });
    expect(await status()).toMatchObject({ outcome: 'unchanged', failures: 0, pause: 15 });
    expect(await stored()).toHaveLength(1);
    // After a day the whole calendar is read again, so that the window moves on.
    await world.database.pool.query(
      "UPDATE watchbill.absence_feeds SET read_at = read_at - interval '25 hours'",
    );
    await pollAgain({ body: calendar(LEAVE, VISIT) });
    expect(server.requests[2]?.headers['if-none-match']).toBeUndefined();
    expect(await stored()).toHaveLength(2);
  });

  it.each<[string, Partial<Answer>]>([
    ['status_5xx', { status: 500 }],
    ['status_4xx', { status: 404 }],
    ['redirect', { status: 302, headers: { location: 'http://127.0.0.1/elsewhere' } }],
    ['bad_answer', { status: 204 }],
    ['reset', { hangUp: true }],
    ['too_large', { body: `BEGIN:VCALENDAR\r\n${'X'.repeat(5 * 1024 * 1024)}\r\nEND:VCALENDAR\r\n` }],
    ['not_a_calendar', { body: '\u0000\u0001 <html>' }],
    ['cut_off', { body: calendar(LEAVE).slice(0, -12) }],
    ['unreadable', { body: calendar(['UID:x', 'DTSTART:garbage']) }],
    [
      'refused',
      {
        body: calendar(
          ['UID:x', 'DTSTART:20261201', 'RRULE:FREQ=DAILY'],
          ...Array.from({ length: 2000 }, (_, at) => [`UID:${at}`, ...VISIT.slice(1)]),
        ),
      },
    ],
  ])('keeps what it last gave where it fails: %s', async (outcome, answer) => {
    serve({ body: calendar(LEAVE) });
    await addressOf('ann', server.url);
    await poll();
    const before = await stored();
    await pollAgain(answer);
    expect(await status()).toMatchObject({ outcome, failures: 1, pause: 30 });
    await pollAgain(answer);
    expect(await status()).toMatchObject({ outcome, failures: 2, pause: 60 });
    expect(await stored()).toEqual(before);
    expect(logged.join()).toContain(outcome);
    expect(server.requests).toHaveLength(3);
    await pollAgain({ body: calendar(VISIT) });
    expect(await status()).toMatchObject({ outcome: 'read', failures: 0, pause: 15 });
    expect((await stored()).map(({ start }) => start)).toEqual([instantOf('2026-12-02T10:00:00Z')]);
  });

  it('waits a day at most after failures', async () => {
    serve({ status: 500 });
    await addressOf('ann', server.url);
    await poll();
    await world.database.pool.query('UPDATE watchbill.absence_feeds SET failures = 40');
    await pollAgain({ status: 500 });
    expect(await status()).toMatchObject({ failures: 41, pause: 24 * 60 });
  });

  it('is left alone for as long as its server asks, within a day', async () => {
    serve({ status: 429, headers: { 'retry-after': '7200' } });
    await addressOf('ann', server.url);
    await poll();
    expect(await status()).toMatchObject({ outcome: 'status_4xx', pause: 120 });
    await pollAgain({ status: 503, headers: { 'retry-after': '60' } });
    expect(await status()).toMatchObject({ outcome: 'status_5xx', failures: 2, pause: 60 });
    await pollAgain({ status: 503, headers: { 'retry-after': '999999999' } });
    expect((await status()).pause).toBe(24 * 60);
  });

  it('is asked a little sooner or later than others', async () => {
    serve({ body: calendar(LEAVE) });
    await addressOf('ann', server.url);
    const pauses: number[] = [];
    for (const random of [0, 0.999]) {
      await later();
      await poll({ random: () => random });
      pauses.push((await status()).pause);
    }
    expect(pauses).toEqual([14, 16]);
  });

  it('is asked no more, and what it gave ahead is gone, when its person is gone from the configuration', async () => {
    serve({ body: calendar(LEAVE) });
    for (const person of ['ann', 'eve']) await addressOf(person, server.url);
    await poll();
    expect((await stored()).map(({ person }) => person).sort()).toEqual(['ann', 'eve']);
    const without = (people: readonly string[]) =>
      fairly('pay', {
        rotations: fairly('pay').rotations.map((rotation) => ({
          ...rotation,
          roster: (rotation.roster as string[]).filter((person) => !people.includes(person)),
        })),
      });
    const asked = server.requests.length;
    await apply(world, [without(['eve'])]);
    for (const person of ['ann', 'eve']) await addressOf(person, server.url);
    await later();
    expect(await poll()).toBe(2);
    expect(server.requests).toHaveLength(asked + 1);
    expect((await stored()).map(({ person }) => person)).toEqual(['ann']);
    expect(await absenceFeedStatus(world.database, 'eve')).toBeNull();
    await later();
    expect(await poll()).toBe(1);
    // Back again: read as if it were new.
    await apply(world, [fairly('pay')]);
    for (const person of ['ann', 'eve']) await addressOf(person, server.url);
    await poll();
    expect((await stored()).map(({ person }) => person).sort()).toEqual(['ann', 'eve']);
  });

  it('does not ask private addresses that nobody allowed', async () => {
    const strict = openFeedFetcher({ timeoutMs: 5_000, allowedNetworks: [] });
    const named = openFeedFetcher({
      ...{ timeoutMs: 5_000, allowedNetworks: [] },
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    serve({ body: calendar(LEAVE) });
    await addressOf('ann', server.url);
    await poll({ using: strict });
    expect(await status()).toMatchObject({ outcome: 'blocked_address' });
    await addressOf('ann', `https://calendars.example:${server.port}/ann.ics`);
    await poll({ using: named });
    expect(await status()).toMatchObject({ outcome: 'blocked_address' });
    expect(server.requests).toEqual([]);
    await Promise.all([strict.close(), named.close()]);
  });

  it('is asked by one of several workers only', async () => {
    server.answerWith(() => ({ status: 200, body: calendar(LEAVE), delayMs: 300 }));
    for (const person of ['ann', 'ben', 'cleo', 'dev']) await addressOf(person, `${server.url}/${person}`);
    const polled = await Promise.all([poll(), poll(), poll()]);
    expect(polled.reduce((sum, count) => sum + count)).toBe(4);
    expect(server.requests.map(({ path }) => path).sort()).toEqual([
      ...['/hook/ann', '/hook/ben', '/hook/cleo', '/hook/dev'],
    ]);
    expect(await stored()).toHaveLength(4);
  });

  it('is given to another worker when the one that had it died', async () => {
    serve({ body: calendar(LEAVE) });
    await addressOf('ann', server.url);
    await poll();
    await later();
    const lease = (when: string) =>
      world.database.pool.query(
        `UPDATE watchbill.absence_feeds SET lease_token = 'gone', leased_until = clock_timestamp() + $1::interval`,
        [when],
      );
    await lease('1 minute');
    expect(await poll()).toBe(0);
    await lease('-1 second');
    expect(await poll()).toBe(1);
  });
});

describe('the reading of a calendar', () => {
  it('is ended when a rule keeps it busy for ever', async () => {
    const body = calendar(['UID:x', 'DTSTART:20261201', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30']);
    const task = { bytes: Buffer.from(body), timeZone: 'UTC', now: instantOf('2026-11-30T12:00:00Z') };
    expect(await readInThread(task, 6_000)).toEqual({ ok: false, outcome: 'too_costly' });
  });
});
