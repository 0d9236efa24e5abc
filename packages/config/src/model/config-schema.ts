import { LIMITS } from '@watchbill/core';
import { z } from 'zod';
import { MAX_ESCALATION_POLICIES } from '../limits.ts';
import { escalationPolicySchema } from './escalation-schema.ts';
import { personSchema, teamSchema } from './person-schema.ts';
import { list } from './scalars.ts';
import { scheduleSchema } from './schedule-schema.ts';

/**
 * The shape of `watchbill.yaml`, version 1. Nothing is changed or filled in on the way: the output is the
 * input, so that a model can be stored as JSON and printed back.
 */
export const configSchema = z
  .strictObject({
    version: z.literal(1, { error: 'version: 1' }).meta({ description: 'Version of this format.' }),
    people: list(personSchema, { max: LIMITS.people }).optional(),
    teams: list(teamSchema, { max: LIMITS.teams }).optional(),
    schedules: list(scheduleSchema, { max: LIMITS.schedules }).optional(),
    escalationPolicies: list(escalationPolicySchema, { max: MAX_ESCALATION_POLICIES }).optional(),
  })
  .meta({
    title: 'Watchbill configuration',
    description: 'People, teams, schedules and escalation policies.',
  });

/** The validated file as plain JSON. */
export type ConfigModel = z.output<typeof configSchema>;
