import { MAX_EVERY_MS, MAX_GRACE_MS, MIN_EVERY_MS } from '@watchbill/commands';
import { SEVERITIES } from '@watchbill/core';
import { z } from 'zod';
import { component, id, instant, line, pageSchema } from './scalars.ts';

const severity = z.enum(SEVERITIES);

const everyMs = z
  .int()
  .min(MIN_EVERY_MS)
  .max(MAX_EVERY_MS)
  .describe('The longest that two pings may lie apart, in milliseconds.');
const graceMs = z.int().min(0).max(MAX_GRACE_MS).describe('A page comes this much later, in milliseconds.');

export const heartbeat = component(
  'Heartbeat',
  z.object({
    id: z.string(),
    name: z.string(),
    policy: z.string().nullable(),
    schedule: z.string().nullable(),
    severity,
    everyMs,
    graceMs,
    status: z
      .enum(['new', 'alive', 'missed', 'paused'])
      .describe('`new`: expected from its first ping. `missed`: a page is open, or about to be.'),
    lastPingAt: instant.nullable(),
    dueAt: instant.nullable().describe('A page comes then, unless it pings before.'),
    missedAt: instant.nullable(),
    createdBy: z.string(),
    createdAt: instant,
    updatedAt: instant,
  }),
);
export const heartbeatPage = pageSchema('HeartbeatPage', heartbeat);

export const newHeartbeat = component(
  'NewHeartbeat',
  z
    .strictObject({
      name: line(1, 100),
      policy: id.optional().describe('The escalation policy that its page follows. Name this or a schedule.'),
      schedule: id.optional().describe('The schedule whose people its page calls.'),
      everyMs,
      graceMs: graceMs.optional().describe('A page comes this much later. Default: one minute.'),
      severity: severity.optional().describe('Default: error.'),
      expected: z.boolean().optional().describe('Expect the first ping, too. Default: only those after it.'),
    })
    .meta({ examples: [{ name: 'nightly backup', schedule: 'payments', everyMs: 86_400_000 }] }),
);

export const heartbeatChange = component(
  'HeartbeatChange',
  z
    .strictObject({
      name: line(1, 100).optional(),
      policy: id.optional(),
      schedule: id.optional(),
      everyMs: everyMs.optional(),
      graceMs: graceMs.optional(),
      severity: severity.optional(),
      paused: z.boolean().optional().describe('Paused: nothing is expected, and its page is resolved.'),
    })
    .meta({ examples: [{ paused: true }] }),
);

export const issuedHeartbeat = component(
  'IssuedHeartbeat',
  z.object({
    heartbeat,
    key: z.string().nullable().describe('Secret. Shown once: null where the answer is a replay.'),
    url: z.string().nullable().describe('Where to ping: by GET, HEAD or POST, with any body.'),
  }),
);

export const pinged = component(
  'Pinged',
  z.object({
    status: z.enum(['ok', 'paused']),
    dueAt: instant.nullable().describe('Ping again before then.'),
  }),
);
