import { ACCOUNT_ROLES } from '@watchbill/database';
import { z } from 'zod';
import { PASSWORD_LENGTH } from '../sign-in/password.ts';
import { component, id, instant, line, pageSchema } from './scalars.ts';

const role = z
  .enum(ACCOUNT_ROLES)
  .describe(
    '`admin`: everything. `member`: their own, and what their teams let them manage. `read_only`: looks.',
  );

const email = z
  .string()
  .min(3)
  .max(254)
  .meta({ examples: ['amara@example.com'] });
const passwordPhrase = `a password of ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters`;
const newPassword = z
  .string()
  .min(PASSWORD_LENGTH.min, { error: passwordPhrase })
  .max(PASSWORD_LENGTH.max, { error: passwordPhrase });

const accountShape = {
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role,
  person: z.string().nullable().describe('The person of the configuration who it is.'),
  hasPassword: z.boolean(),
  createdBy: z.string(),
  createdAt: instant,
  lastSignedInAt: instant.nullable(),
  disabledAt: instant.nullable(),
};

export const account = component('Account', z.object(accountShape));
export const accountPage = pageSchema('AccountPage', account);

export const newAccount = component(
  'NewAccount',
  z.strictObject({ email, name: line(1, 100), role, person: id.nullable().optional() }).meta({
    examples: [{ email: 'amara@example.com', name: 'Amara Okafor', role: 'member', person: 'amara' }],
  }),
);

export const accountChange = component(
  'AccountChange',
  z.strictObject({
    name: line(1, 100).optional(),
    role: role.optional(),
    person: id.nullable().optional(),
    disabled: z.boolean().optional(),
  }),
);

export const issuedAccount = component(
  'IssuedAccount',
  z.object({
    id: z.string(),
    link: z
      .string()
      .nullable()
      .describe('Sets a password once. Shown once: null where the answer is a replay.'),
  }),
);

export const issuedLink = component('IssuedLink', z.object({ link: z.string().nullable() }));

export const signIn = component('SignIn', z.strictObject({ email, password: z.string().min(1).max(1000) }));

export const setUp = component(
  'SetUp',
  z.strictObject({
    password: newPassword,
    email: email.optional().describe('Of the first account only.'),
    name: line(1, 100).optional().describe('Of the first account only.'),
  }),
);

export const linkPurpose = component(
  'LinkPurpose',
  z.object({ purpose: z.enum(['first', 'password']).describe('`first`: it makes the first account.') }),
);

export const currentSession = component(
  'CurrentSession',
  z.object({
    account: z.object({ id: z.string(), name: z.string(), role }),
    person: z.string().nullable(),
    managerOf: z.array(z.string()).describe('The teams that the person manages.'),
    expiresAt: instant,
  }),
);

export const sessionList = component(
  'Sessions',
  z.object({
    data: z.array(
      z.object({
        id: z.string(),
        createdAt: instant,
        lastUsedAt: instant.describe('To within a minute.'),
        expiresAt: instant,
        userAgent: z.string(),
        address: z.string(),
        current: z.boolean(),
      }),
    ),
  }),
);

export const signInWays = component(
  'SignInWays',
  z.object({
    needsSetUp: z
      .boolean()
      .describe('There is no account yet: the link that the start printed makes the first.'),
    signedIn: z.boolean().describe('A cookie of a session that is in force came with the question.'),
    providers: z.array(z.object({ id: z.string(), name: z.string() })),
  }),
);
