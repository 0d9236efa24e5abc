import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/repository.ts';
import type { TestApi } from './api-fixture.ts';
import { makeIntake, pagesOf, sendAs, startIntakeApi } from './intake-fixture.ts';

const TEXT = readFileSync(join(ROOT, 'docs/intakes.md'), 'utf8');

/** The JSON after a mark such as `<!-- sample: generic -->`. */
function marked(mark: string): { readonly name: string; readonly json: string }[] {
  const pattern = new RegExp(`<!-- ${mark}(?:: (\\w+))? -->\\n\`\`\`json\\n([\\s\\S]*?)\`\`\``, 'g');
  return [...TEXT.matchAll(pattern)].map(([, name = '', json = '']) => ({ name, json }));
}

let api: TestApi;

beforeAll(async () => {
  api = await startIntakeApi();
});
afterAll(() => api?.close());

describe('docs/intakes.md', () => {
  const samples = marked('sample');

  it('has a sample of each format that a person writes', () => {
    expect(samples.map(({ name }) => name)).toEqual([
      ...['pagerduty', 'opsgenie', 'alertmanager', 'generic', 'datadog'],
    ]);
  });

  it.each(samples)('shows a body of $name that opens a page', async ({ name, json }) => {
    const intake = await makeIntake(api, name);
    const filled: Record<string, string> = {
      $ALERT_TRANSITION: 'Triggered',
      $EVENT_TITLE: '[Triggered] CPU is high',
      $ALERT_CYCLE_KEY: '1',
    };
    const body = json.replace('KEY"', `${intake.key}"`).replace(/\$[A-Z_]+/g, (word) => filled[word] ?? word);
    const path =
      name === 'pagerduty'
        ? '/v2/enqueue'
        : name === 'opsgenie'
          ? '/v2/alerts'
          : `/v1/intakes/${intake.key}/${name}`;
    const answer = await sendAs(api, path, { body, headers: { authorization: `GenieKey ${intake.key}` } });
    expect(answer.status, answer.text).toBeLessThan(300);
    expect(await pagesOf(api, intake.id)).toHaveLength(1);
  });

  it('shows an intake, a change and a heartbeat that can be made', async () => {
    const post = (path: string, body: string, method = 'POST') =>
      api.send(path, { method, body, headers: { 'content-type': 'application/json' } });
    const [intake, change, heartbeat] = [marked('intake'), marked('change'), marked('heartbeat')].map(
      ([first]) => first?.json ?? '',
    );
    const made = await post('/v1/intakes', intake ?? '');
    expect(made.status, made.text).toBe(201);
    const event = { id: 1, name: 'Disk', host: 'db-3', priority: 'Disaster', status: 'PROBLEM' };
    await sendAs(api, `/v1/intakes/${made.json.key}/generic`, { body: { events: [event] } });
    await sendAs(api, `/v1/intakes/${made.json.key}/generic`, {
      body: { events: [{ ...event, status: 'OK' }] },
    });
    expect(await pagesOf(api, made.json.intake.id)).toMatchObject([
      { summary: 'Disk on db-3', severity: 'critical', place: { state: 'resolved' } },
    ]);
    expect((await post(`/v1/intakes/${made.json.intake.id}`, change ?? '', 'PATCH')).json.signed).toBe(true);
    expect((await post('/v1/heartbeats', heartbeat ?? '')).status).toBe(201);
  });
});
