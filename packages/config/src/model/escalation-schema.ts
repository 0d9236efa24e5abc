import { SEVERITIES } from '@watchbill/core';
import { z } from 'zod';
import { MAX_ESCALATION_STEPS, MAX_TARGETS } from '../limits.ts';
import { duration, id, list, text, whole } from './scalars.ts';

const SEVERITY_PHRASE = `a severity: ${SEVERITIES.join(', ')}`;

export const targetSchema = z
  .strictObject({
    schedule: id.optional().meta({ description: 'Whoever is on call in this schedule.' }),
    role: id.optional().meta({ description: 'Role of the schedule. Default: its first.' }),
    person: id.optional(),
    slackChannel: text.optional().meta({ examples: ['#payments'] }),
    webhook: z
      .string({ error: 'an http:// or https:// address' })
      .max(2000, { error: 'an http:// or https:// address' })
      .regex(/^https?:\/\/[^\s\p{Cc}]+$/u, { error: 'an http:// or https:// address' })
      .optional(),
  })
  .meta({
    description: 'Whom to notify: exactly one of schedule, person, slackChannel and webhook.',
    examples: [{ schedule: 'payments', role: 'primary' }, { person: 'cleo' }, { slackChannel: '#payments' }],
    oneOf: [
      { required: ['schedule'] },
      { required: ['person'] },
      { required: ['slackChannel'] },
      { required: ['webhook'] },
    ],
    dependentRequired: { role: ['schedule'] },
  });

const stepSchema = z
  .strictObject({
    notify: list(targetSchema, { min: 1, max: MAX_TARGETS }),
    wait: duration.meta({
      description: 'How long to wait for an answer before the next step.',
      examples: ['5m'],
    }),
    severities: list(z.enum(SEVERITIES, { error: SEVERITY_PHRASE }), { min: 1, max: SEVERITIES.length })
      .refine((names) => new Set(names).size === names.length, { error: 'each severity once' })
      .optional()
      .meta({
        description: 'Only for pages of these severities. Default: all.',
        examples: [['critical', 'error']],
        uniqueItems: true,
      }),
    hours: z.enum(['core', 'non-core'], { error: 'core or non-core' }).optional().meta({
      description:
        'Only in, or only outside, the core hours of the first schedule that the step names, else of the first that the policy names. Default: always.',
    }),
    roundRobin: z
      .boolean({ error: 'true or false' })
      .optional()
      .meta({ description: 'One person of the step after another, page by page, instead of all at once.' }),
  })
  .meta({ description: 'Notify these, then wait.' });

export const escalationPolicySchema = z
  .strictObject({
    id,
    name: text.optional(),
    steps: list(stepSchema, { min: 1, max: MAX_ESCALATION_STEPS }),
    repeat: whole(0, 100)
      .optional()
      .meta({ description: 'How often to start again after the last step. Default 0.' }),
    lastResort: list(targetSchema, { min: 1, max: MAX_TARGETS })
      .optional()
      .meta({ description: 'Whom to notify when all passes are over without an answer.' }),
    retriggerAfter: duration.optional().meta({
      description:
        'An acknowledged page that is not resolved after this long starts again with the first step. Default: never.',
      examples: ['1h'],
    }),
  })
  .meta({ description: 'Ordered steps: whom to notify, and how long to wait.' });

export type TargetModel = z.output<typeof targetSchema>;
export type EscalationPolicyModel = z.output<typeof escalationPolicySchema>;
