import { fanOutEvents } from '@watchbill/commands';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './api-fixture.ts';

const FILE = (id: string) => `
version: 1
people:
  - { id: amara, name: Amara Okafor, timeZone: Europe/London }
schedules:
  - id: ${id}
    timeZone: Europe/London
    rotations:
      - id: weekly
        strategy: in_order
        roster: [amara]
        cadence: { every: 1, unit: week }
        start: 2026-01-05T09:00
`;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.close());

interface Message {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: the test looks at the shape itself.
  readonly data: any;
}

/** Follows as a browser does; `next` waits for a message of a kind: a connection to the database may come and go. */
async function follow(): Promise<{ next: (event: string) => Promise<Message>; stop: () => void }> {
  const stopping = new AbortController();
  const headers = { authorization: `Bearer ${api.token}` };
  const response = await fetch(`${api.url}/v1/live`, { headers, signal: stopping.signal });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (event: string): Promise<Message> => {
    for (;;) {
      const at = text.indexOf('\n\n');
      if (at >= 0) {
        const lines = text.slice(0, at).split('\n');
        text = text.slice(at + 2);
        const field = (name: string): string =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
        if (field('event') === event) return { event, data: JSON.parse(field('data')) };
        continue;
      }
      const chunk = await reader?.read();
      if (chunk?.done !== false) throw new Error('the stream ended');
      text += chunk.value;
    }
  };
  return { next, stop: () => stopping.abort() };
}

async function apply(id: string): Promise<void> {
  const headers = { 'content-type': 'application/yaml' };
  const { status } = await api.send('/v1/configuration', { method: 'POST', body: FILE(id), headers });
  expect(status).toBe(200);
  await fanOutEvents(api.database, { events: [], wakeAgainMs: 1_000, onBatch: () => undefined });
}

describe('following what happens', () => {
  it('tells everybody who follows of each event, once it has its place', async () => {
    const [one, two] = await Promise.all([follow(), follow()]);
    await apply('payments');
    for (const { next } of [one, two]) {
      const { data } = await next('happened');
      expect(data[0]).toEqual({ position: 1, type: 'schedule.published', schedule: 'payments' });
    }
    one.stop();
    two.stop();
  });

  it('says after a break that something may have been missed', async () => {
    const { next, stop } = await follow();
    api.setDeaf(true);
    api.setDeaf(false);
    expect((await next('missed')).data).toEqual({});
    stop();
  });

  it('asks for a token', async () => {
    expect((await api.send('/v1/live', { token: null })).status).toBe(401);
  });
});
