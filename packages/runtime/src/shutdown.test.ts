import { expect, test } from 'vitest';
import { shutDown } from './shutdown.ts';

test('steps run in order; one that fails or hangs is passed over and told', async () => {
  const ran: string[] = [];
  const told: string[] = [];
  const logger = {
    info: () => undefined,
    error: (fields: { readonly step: string }) => void told.push(fields.step),
  };
  const well = await shutDown(
    [
      { name: 'relay', run: async () => void ran.push('relay') },
      { name: 'worker', run: () => Promise.reject(new Error('broken')) },
      { name: 'queues', run: () => new Promise(() => undefined), limitMs: 20 },
      { name: 'database', run: async () => void ran.push('database') },
    ],
    logger as never,
  );
  expect(well).toBe(false);
  expect(ran).toEqual(['relay', 'database']);
  expect(told).toEqual(['worker', 'queues']);
});
