/** How the link that makes the first account is shown: the only time it can be read. */
export function firstLinkText(publicUrl: string, link: string): string {
  return [
    'The link that makes the first account. It works once, within three days; the next run prints a new one.',
    `  ${publicUrl}/setup/${link}`,
  ].join('\n');
}
