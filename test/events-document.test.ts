import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE, EVENT_EXAMPLES, EVENT_TYPES, webhookMessage } from '@watchbill/events';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script without types
import { eventsDocument } from '../scripts/generate-events-doc.mjs';

const ROOT = join(import.meta.dirname, '..');
const document = readFileSync(join(ROOT, 'docs', 'events.md'), 'utf8');

describe('docs/events.md', () => {
  it('is what the catalogue says; if not, run: npx tsc -b && node scripts/generate-events-doc.mjs', () => {
    expect(document).toBe(eventsDocument());
  });

  it('shows a message of the right form', () => {
    const [, first = ''] = /```json\n(.*?)```/s.exec(document) ?? [];
    const message = webhookMessage.parse(JSON.parse(first));
    expect(CATALOGUE[message.type].safeParse(message.data).success).toBe(true);
  });

  it('verifies signatures with its recipe', async () => {
    const [, recipe = ''] = /```js\n(.*?)```/s.exec(document) ?? [];
    const { verify } = (await import(`data:text/javascript,${encodeURIComponent(recipe)}`)) as {
      readonly verify: (secret: string, headers: Record<string, string>, body: string) => boolean;
    };
    const secret = `whsec_${createHmac('sha256', 'key').digest('base64')}`;
    const body = '{"type":"shift.started"}';
    const headersAt = (at: Date): Record<string, string> => ({
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': `v1,${'A'.repeat(43)}= ${new Webhook(secret).sign('evt_1', at, body)}`,
    });
    const now = new Date();
    expect(verify(secret, headersAt(now), body)).toBe(true);
    expect(verify(secret, headersAt(now), `${body} `)).toBe(false);
    expect(verify(secret, { ...headersAt(now), 'webhook-id': 'evt_2' }, body)).toBe(false);
    expect(verify(secret, headersAt(new Date(now.getTime() - 400_000)), body)).toBe(false);
  });
});

describe('the examples of events', () => {
  it.each(EVENT_TYPES)('%s obeys the catalogue', (type) => {
    expect(CATALOGUE[type].strict().parse(EVENT_EXAMPLES[type])).toEqual(EVENT_EXAMPLES[type]);
  });
});
