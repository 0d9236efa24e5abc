import type { ProvenIdentity } from '@watchbill/commands';
import type { AccountRole } from '@watchbill/database';
import type { SignInProvider } from '@watchbill/runtime';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';

/** What the browser keeps between leaving for the provider and coming back; one try, ten minutes. */
export interface SignInTry {
  readonly provider: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface IdentityProvider {
  readonly id: string;
  readonly name: string;
  /** Where to send the browser, and what it has to bring back. */
  leave(redirectUri: string): Promise<{ readonly url: string; readonly attempt: SignInTry }>;
  /** Who it is, by the provider's signed word. Rejects when the answer does not fit the try. */
  comeBack(url: URL, attempt: SignInTry): Promise<ProvenIdentity>;
}

const TIMEOUT_SECONDS = 10;

/** Opens a provider of OpenID Connect. It is asked for its addresses when somebody first signs in. */
export function openIdentityProvider(provider: SignInProvider): IdentityProvider {
  let known: Promise<Configuration> | undefined;
  const configuration = (): Promise<Configuration> => {
    known ??= discover(provider).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  return {
    id: provider.id,
    name: provider.name,
    leave: async (redirectUri) => {
      const attempt = {
        provider: provider.id,
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
      };
      const url = buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
        state: attempt.state,
        nonce: attempt.nonce,
      });
      return { url: url.href, attempt };
    },
    comeBack: async (url, attempt) => {
      const tokens = await authorizationCodeGrant(await configuration(), url, {
        pkceCodeVerifier: attempt.verifier,
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('the provider sent no identity');
      const email = textOf(claims.email);
      return {
        subject: `${claims.iss} ${claims.sub}`,
        email,
        emailVerified: claims.email_verified === true,
        name: textOf(claims.name) || email,
        role: roleOf(claims[provider.groupsClaim], provider),
      };
    },
  };
}

function discover({ issuer, clientId, clientSecret }: SignInProvider): Promise<Configuration> {
  const url = new URL(issuer);
  // A provider on this very machine is for trying things out; its answers do not cross a network.
  const local = url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return discovery(url, clientId, clientSecret, undefined, {
    timeout: TIMEOUT_SECONDS,
    ...(local && { execute: [allowInsecureRequests] }),
  });
}

/** The role that groups give; the strongest wins, and `*` is everybody whom the provider lets in. */
function roleOf(claim: unknown, { roles }: SignInProvider): AccountRole | null {
  const groups = new Set(Array.isArray(claim) ? claim.filter((group) => typeof group === 'string') : []);
  const has = (wanted: readonly string[]) => wanted.some((group) => group === '*' || groups.has(group));
  if (has(roles.admin)) return 'admin';
  if (has(roles.member)) return 'member';
  return has(roles.readOnly) ? 'read_only' : null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
