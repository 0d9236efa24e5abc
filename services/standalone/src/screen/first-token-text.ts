/** How the first token is shown: the only time it can be read. */
export function firstTokenText(token: string): string {
  return [
    'The first token, with all rights. It is shown only now and stored nowhere: keep it in a safe place.',
    `  ${token}`,
  ].join('\n');
}
