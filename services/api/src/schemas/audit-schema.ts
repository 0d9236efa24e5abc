import { z } from 'zod';
import { component, instant, pageSchema } from './scalars.ts';

export const auditEntry = component(
  'AuditEntry',
  z.object({
    id: z.int(),
    at: instant,
    actor: z.string().describe('Who gave the command.'),
    origin: z.string().nullable().describe('From where; null: from Watchbill itself.'),
    command: z.string().meta({ examples: ['createOverride'] }),
    input: z.unknown().describe('What was asked, without secrets; named by size and hash where it is long.'),
    before: z.unknown().describe('How it was, where the command says.'),
    after: z.unknown().describe('What came of it.'),
    position: z.int().nullable().describe('Its place in the chain; null for about a second.'),
    hash: z.string().nullable().describe('SHA-256 over the entry, its place and the hash before it.'),
  }),
);
export const auditPage = pageSchema('AuditPage', auditEntry);

export const auditHead = component(
  'AuditHead',
  z.object({ position: z.int(), hash: z.string() }).describe('The end of the chain.'),
);
