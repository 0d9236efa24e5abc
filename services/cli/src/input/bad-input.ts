/** The input cannot be used: its message goes to standard error, and the exit code is 2. */
export class BadInput extends Error {
  override readonly name: string = 'BadInput';
}

/** A file with mistakes in it: the message is one line for each, `file:line:column: …`. */
export class InvalidFile extends BadInput {
  override readonly name = 'InvalidFile';
}
