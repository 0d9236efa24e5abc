import { toUrl } from './setting-shapes.ts';

/** A provider of OpenID Connect at which people sign in. */
export interface SignInProvider {
  /** In addresses: `/auth/<id>/callback` is where the provider sends people back to. */
  readonly id: string;
  /** On the button. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The claim that lists the groups somebody is in. */
  readonly groupsClaim: string;
  /** Whose groups give a new account which role; `*` is everybody. Without any, people come in by invitation. */
  readonly roles: {
    readonly admin: readonly string[];
    readonly member: readonly string[];
    readonly readOnly: readonly string[];
  };
}

const NEEDED = ['WATCHBILL_OIDC_ISSUER', 'WATCHBILL_OIDC_CLIENT_ID', 'WATCHBILL_OIDC_CLIENT_SECRET'] as const;
const SLACK_ISSUER = 'https://slack.com';
const MAX_GROUPS = 100;

type Given = Readonly<Record<string, string>>;

/** Reads the settings of OpenID Connect and of Slack's sign-in; none of them set means by password only. */
export function readSignInProviders(given: Given): {
  readonly value: readonly SignInProvider[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const providers = [oidcOf(given, problems), slackOf(given, problems)];
  return { value: providers.filter((provider) => provider !== null), problems };
}

function oidcOf(given: Given, problems: string[]): SignInProvider | null {
  const unset = NEEDED.filter((name) => given[name] === undefined);
  if (unset.length === NEEDED.length) return null;
  if (unset.length > 0)
    problems.push(`${unset.join(' and ')}: must be set too, or none of ${NEEDED.join(', ')}.`);
  const [issuer = '', clientId = '', clientSecret = ''] = NEEDED.map((name) => given[name]?.trim());
  if (
    given.WATCHBILL_OIDC_ISSUER !== undefined &&
    !['https:', 'http:'].includes(toUrl(issuer)?.protocol ?? '')
  ) {
    problems.push('WATCHBILL_OIDC_ISSUER: must be the address of the provider, beginning with https://.');
  }
  return {
    ...{
      id: 'oidc',
      name: given.WATCHBILL_OIDC_NAME?.trim() ?? 'Single sign-on',
      issuer,
      clientId,
      clientSecret,
    },
    groupsClaim: given.WATCHBILL_OIDC_GROUPS_CLAIM?.trim() ?? 'groups',
    roles: {
      admin: groups('WATCHBILL_OIDC_ADMIN_GROUPS', given, problems),
      member: groups('WATCHBILL_OIDC_MEMBER_GROUPS', given, problems),
      readOnly: groups('WATCHBILL_OIDC_READ_ONLY_GROUPS', given, problems),
    },
  };
}

/** "Sign in with Slack", with the client of the Slack app. Anybody in the world may have Slack: by invitation only. */
function slackOf(given: Given, problems: string[]): SignInProvider | null {
  if (given.WATCHBILL_SLACK_SIGN_IN !== '1') return null;
  const clientId = given.SLACK_CLIENT_ID?.trim() ?? '';
  const clientSecret = given.SLACK_CLIENT_SECRET?.trim() ?? '';
  if (clientId === '' || clientSecret === '') {
    problems.push('WATCHBILL_SLACK_SIGN_IN: needs SLACK_CLIENT_ID and SLACK_CLIENT_SECRET.');
  }
  return {
    ...{ id: 'slack', name: 'Slack', issuer: SLACK_ISSUER, clientId, clientSecret, groupsClaim: 'groups' },
    roles: { admin: [], member: [], readOnly: [] },
  };
}

function groups(name: string, given: Given, problems: string[]): readonly string[] {
  const names = (given[name] ?? '').split(',').map((part) => part.trim());
  const all = names.filter((part) => part !== '');
  if (all.length > MAX_GROUPS)
    problems.push(`${name}: must be at most ${MAX_GROUPS} groups, separated by commas.`);
  return all;
}
