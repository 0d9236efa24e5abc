import { z } from 'zod';
import { component, instant, pageSchema } from './scalars.ts';

export const policySummary = component(
  'EscalationPolicySummary',
  z.object({
    id: z.string(),
    name: z.string(),
    steps: z.int().describe('How many steps it has; the file shows them.'),
    intakes: z.int().describe('How many intakes point to it.'),
    heartbeats: z.int(),
    openPages: z.int().describe('How many open pages follow it.'),
    updatedAt: instant,
  }),
);
export const policyPage = pageSchema('EscalationPolicyPage', policySummary);
