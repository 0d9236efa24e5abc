import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { change, RefusalError, read } from './client.ts';

export interface Session {
  readonly account: { readonly id: string; readonly name: string; readonly role: AccountRole };
  /** The person of the configuration who it is. */
  readonly person: string | null;
  readonly managerOf: readonly string[];
}

export type AccountRole = 'admin' | 'member' | 'read_only';

export interface SignInWays {
  readonly needsSetUp: boolean;
  readonly signedIn: boolean;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

const KEY = ['session'];

/** Who is signed in; null when nobody is. */
export function useSession() {
  const client = useQueryClient();
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }): Promise<Session | null> => {
      // Asked first, so that a browser without a session meets no refusal.
      const ways = await read<SignInWays>('/v1/sign-in-ways', signal);
      client.setQueryData(['sign-in-ways'], ways);
      if (!ways.signedIn) return null;
      try {
        return await read<Session>('/v1/session', signal);
      } catch (error) {
        if (error instanceof RefusalError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

export function useSignInWays() {
  return useQuery({
    queryKey: ['sign-in-ways'],
    queryFn: ({ signal }) => read<SignInWays>('/v1/sign-in-ways', signal),
  });
}

/** Signs in by password. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { readonly email: string; readonly password: string }) =>
      change<void>('/v1/session', { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

/** Signs out; what was read is forgotten, since the next one here may see less. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => change<void>('/v1/session', { method: 'DELETE' }),
    onSettled: () => {
      client.setQueryData(KEY, null);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
    },
  });
}

export type LinkPurpose = 'first' | 'password';

/** What a set-up link is for; null when it leads nowhere. */
export function useLinkPurpose(link: string) {
  return useQuery({
    queryKey: ['setup', link],
    queryFn: async ({ signal }): Promise<LinkPurpose | null> => {
      try {
        return (await read<{ purpose: LinkPurpose }>(`/v1/setup/${encodeURIComponent(link)}`, signal))
          .purpose;
      } catch (error) {
        if (error instanceof RefusalError && error.status === 404) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export interface SetUp {
  readonly link: string;
  readonly password: string;
  readonly email?: string;
  readonly name?: string;
}

/** Uses a set-up link and signs in. */
export function useSetUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ link, ...body }: SetUp) =>
      change<void>(`/v1/setup/${encodeURIComponent(link)}`, { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
