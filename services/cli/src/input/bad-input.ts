/** The input cannot be used: its message goes to standard error as it is, and the exit code is 2. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}
