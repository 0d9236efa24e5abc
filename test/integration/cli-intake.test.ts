import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../e2e/cli-in-process.ts';
import type { TestApi } from './api-fixture.ts';
import { sendAs, startIntakeApi } from './intake-fixture.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startIntakeApi();
});
afterAll(() => api?.close());

const cli = (argv: readonly string[]) =>
  inProcess(['intake', ...argv], {
    now: Date.now(),
    env: { WATCHBILL_URL: api.url, WATCHBILL_TOKEN: api.token },
  });

describe('watchbill intake', () => {
  it('makes an intake that works, lists it, and changes its key', async () => {
    expect((await cli(['list'])).out).toContain('No intakes yet');
    const made = await cli(['create', 'Checks', '--kind', 'generic', '--schedule', 'payments']);
    expect(made).toMatchObject({ code: 0, err: '' });
    const id = /int_[0-9a-z]{26}/.exec(made.out)?.[0] ?? '';
    const key = /wbi[0-9a-z]{29}/.exec(made.out)?.[0] ?? '';
    const send = (by: string) => sendAs(api, `/v1/intakes/${by}/generic`, { body: { summary: 'x' } });
    expect((await send(key)).status).toBe(200);
    const listed = await cli(['list']);
    expect(listed.out).toMatch(new RegExp(`${id} +generic +payments +active +Checks`));
    expect(listed.out).not.toContain(key);

    const rotated = await cli(['rotate', id, '--keep-hours', '0', '--format', 'json']);
    expect((await send(JSON.parse(rotated.out).key)).status).toBe(200);
    expect((await send(key)).status).toBe(401);
  });

  it.each([
    [['create', 'x', '--kind', 'generic'], /give --schedule or --policy/],
    [['create', 'x', '--kind', 'smoke', '--schedule', 'payments'], /refuses \(400\)/],
    [['create', 'x', '--kind', 'generic', '--schedule', 'nothing'], /no schedule "nothing"/],
    [['create', 'x', '--schedule', 'payments'], /--kind/],
    [['rotate', 'x'], /no id of an intake/],
    [['rotate', `int_${'0'.repeat(26)}`], /refuses \(404\)/],
  ])('%j is refused with what to do', async (argv, message) => {
    const { code, out, err } = await cli(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(message);
  });
});
