import type { Problem } from '@watchbill/core';

/** The closed list of reasons a command can refuse for. The API turns each into one status, a bot into one sentence. */
export type CommandErrorCode = 'not_found' | 'forbidden' | 'conflict' | 'invalid' | 'limit' | 'precondition';

/** `reason` is stable for programs (`override/in-the-past`); `message` says what to do. */
export interface CommandError {
  readonly code: CommandErrorCode;
  readonly reason: string;
  readonly message: string;
  readonly problems?: readonly Problem[];
}

export type CommandResult<T> =
  | { readonly ok: true; readonly value: T; readonly replayed: boolean }
  | { readonly ok: false; readonly error: CommandError };

/** A person who acts in their own name: by Slack, by a link, or signed in. */
export interface Caller {
  readonly person: string;
}
