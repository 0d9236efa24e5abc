import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../e2e/cli-in-process.ts';
import { startTestApi, type TestApi } from './api-fixture.ts';

let api: TestApi;
const people = ['amara', 'benji'].map((id) => ({
  id,
  name: id,
  email: `${id}@example.com`,
  timeZone: 'UTC',
}));
const rotation = {
  id: 'week',
  roster: ['amara'],
  cadence: { every: 1, unit: 'week' },
  start: '2026-01-05T09:00',
};

beforeAll(async () => {
  api = await startTestApi({ horizonWeeks: 2 });
  const schedules = [{ id: 'payments', timeZone: 'UTC', rotations: [rotation] }];
  const body = { version: 1, people, schedules };
  expect((await api.send('/v1/configuration', { method: 'POST', body })).status).toBe(200);
});
afterAll(() => api.close());

const cli = (argv: readonly string[], env: Record<string, string> = {}) =>
  inProcess(argv, {
    now: Date.now(),
    env: { WATCHBILL_URL: api.url, WATCHBILL_TOKEN: api.token, WATCHBILL_PERSON: 'amara', ...env },
  });

describe('watchbill page, pages, ack and resolve', () => {
  it('go through the life of a page', async () => {
    const made = await cli(['page', 'Checkout answers 503', '--schedule', 'payments', '--key', 'checkout']);
    expect(made).toMatchObject({ code: 0, err: '' });
    const number = /^#(\d+) triggered/.exec(made.out)?.[1] ?? '';
    const again = await cli(['page', 'Again', '--schedule', 'payments', '--key', 'checkout']);
    expect(again.out).toBe(`#${number} is open already, and counts this.\n`);
    expect((await cli(['pages'])).out).toBe(
      `#${number}  critical  triggered  now  Checkout answers 503 (+1)\n`,
    );
    const taken = await cli(['ack', `#${number}`]);
    expect(taken.out).toBe(`#${number} acknowledged by amara: Checkout answers 503\n`);
    const late = await cli(['ack', number, '--as', 'benji']);
    expect(late).toMatchObject({ code: 0 });
    expect(late.out).toBe(`#${number} acknowledged by amara already, just now: Checkout answers 503\n`);
    expect((await cli(['resolve', number])).out).toContain('resolved by amara');
    expect((await cli(['pages'])).out).toBe('No pages.\n');
    expect((await cli(['pages', '--all', '--person', 'amara'])).out).toContain('resolved by amara');
    const json = JSON.parse((await cli(['pages', '--state', 'resolved', '--format', 'json'])).out);
    expect(json.data).toMatchObject([{ number: Number(number), resolved: { person: 'amara', via: 'cli' } }]);
  });

  it('say what is wrong, and call nobody', async () => {
    const cases: [string[], RegExp][] = [
      [['page', 'x'], /give --schedule or --policy/],
      [['page', 'x', '--schedule', 'a', '--policy', 'b'], /and not both/],
      [['page', 'x', '--schedule', 'unheard'], /refuses \(404\).*no schedule "unheard"/],
      [['page', 'x', '--schedule', 'payments', '--severity', 'urgent'], /Allowed choices/],
      [['page', 'x', '--schedule', 'payments', '--link', 'nowhere'], /#\/links\/0\/href: A link is/],
      [['ack', 'what'], /names no page/],
      [['ack', '999999'], /refuses \(404\).*no page "999999"/],
    ];
    for (const [argv, message] of cases) {
      const { code, out, err } = await cli(argv);
      expect({ code, out }, argv.join(' ')).toEqual({ code: 2, out: '' });
      expect(err).toMatch(message);
    }
    const noToken = await cli(['pages'], { WATCHBILL_TOKEN: 'wb_wrong' });
    expect(noToken.err).toMatch(/refuses \(401\)/);
    expect((await cli(['pages'])).out).toBe('No pages.\n');
  });
});
