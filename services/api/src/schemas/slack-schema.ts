import { z } from 'zod';
import { instant } from './scalars.ts';

export const slackReport = z.object({
  bots: z
    .array(
      z.object({
        mode: z.string().describe('`socket` or `http`.'),
        startedAt: instant,
        reportedAt: instant.nullable().describe('When it last looked; null: not yet.'),
        findings: z.array(
          z.object({
            ok: z.boolean(),
            message: z.string().describe('What was looked at; where it is not well, what to do.'),
          }),
        ),
      }),
    )
    .describe('The bots that run now; empty when none does.'),
});

export const slackCode = z.object({
  person: z.string(),
  code: z
    .string()
    .nullable()
    .describe('To be typed after `/oncall connect`; null where the answer is a stored one.'),
  expiresAt: instant,
});
