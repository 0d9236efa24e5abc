import { CONTACT_KINDS } from '@watchbill/database';
import { z } from 'zod';
import { component, id, instant, line, madeId } from './scalars.ts';

const kind = z
  .enum(CONTACT_KINDS)
  .describe(
    '`sms` and `voice` take a number such as +441632960961, `ntfy` a topic, `webhook` an https address.',
  );

export const contactMethod = component(
  'ContactMethod',
  z.object({
    id: z.string(),
    person: z.string(),
    kind,
    address: z.string(),
    label: z.string(),
    verifiedAt: instant.nullable().describe('Null: a code was sent; enter it first.'),
    createdBy: z.string(),
    createdAt: instant,
  }),
);
export const contactMethodList = component('ContactMethods', z.object({ data: z.array(contactMethod) }));

export const newContactMethod = component(
  'NewContactMethod',
  z
    .strictObject({ kind, address: z.string().min(1).max(2_000), label: line(0, 100).optional() })
    .meta({ examples: [{ kind: 'sms', address: '+44 1632 960961', label: 'work phone' }] }),
);

export const contactCode = component(
  'ContactCode',
  z.strictObject({
    code: z
      .string()
      .min(1)
      .max(20)
      .meta({ examples: ['012345'] }),
  }),
);

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of the day such as 22:00' })
  .meta({ examples: ['22:00'] });
const rule = z.strictObject({
  contactMethod: madeId('ctm').nullable().describe('Null: by Slack.'),
  afterSeconds: z.int().min(0).max(86_400).describe('How long after the step of the page.'),
});

export const notificationRules = component(
  'NotificationRules',
  z
    .strictObject({
      high: z
        .array(rule)
        .max(20)
        .describe('Empty: by Slack and by the e-mail of the configuration, at once.'),
      low: z.array(rule).max(20),
      quietHours: z
        .strictObject({ from: clock, to: clock })
        .nullable()
        .describe('When low urgency waits, in the person’s own time.'),
    })
    .meta({
      examples: [
        {
          high: [
            { contactMethod: null, afterSeconds: 0 },
            { contactMethod: 'ctm_01jd3v8w0q4m7z2k5h9t6r1c8b', afterSeconds: 120 },
          ],
          low: [],
          quietHours: { from: '22:00', to: '07:00' },
        },
      ],
    }),
);

export const waysConfigured = component(
  'Ways',
  z.object({
    email: z.boolean(),
    sms: z.boolean(),
    voice: z.boolean(),
    ntfy: z.boolean(),
    webhook: z.boolean(),
  }),
);

export const contactParams = z.strictObject({ person: id, contactMethod: madeId('ctm') });
