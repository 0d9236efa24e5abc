import { type Problem, SEVERITIES } from '@watchbill/core';
import type { TriggerInput } from './page-input.ts';
import { PAGE_LIMITS } from './page-limits.ts';

/** Everything that is wrong with a trigger; none when it is well. */
export function triggerProblems(input: TriggerInput): Problem[] {
  const problems: Problem[] = [];
  const add = (field: keyof TriggerInput, message: string): void => {
    problems.push({ path: [field], code: `page/${field}`, message });
  };
  const { summary, severity, dedupKey, source, policy, schedule } = input;
  if (oneLine(summary) === '') add('summary', 'A summary says in a line what is wrong.');
  if (summary.length > PAGE_LIMITS.summaryLength) {
    add('summary', `A summary has at most ${PAGE_LIMITS.summaryLength} characters.`);
  }
  if (!SEVERITIES.includes(severity)) add('severity', `The severity is one of ${SEVERITIES.join(', ')}.`);
  if (dedupKey != null && (dedupKey === '' || dedupKey.length > PAGE_LIMITS.dedupKeyLength)) {
    add('dedupKey', `A key has 1 to ${PAGE_LIMITS.dedupKeyLength} characters; leave it out for a new one.`);
  }
  if (source != null && source.length > PAGE_LIMITS.sourceLength) {
    add('source', `A source has at most ${PAGE_LIMITS.sourceLength} characters.`);
  }
  if ((policy == null) === (schedule == null)) {
    add('policy', 'Name a policy or a schedule, and not both: it says who is told.');
  }
  problems.push(...detailProblems(input.details), ...linkProblems(input.links ?? []));
  return problems;
}

function detailProblems(details: unknown): Problem[] {
  if (details === undefined || details === null) return [];
  const bytes = Buffer.byteLength(JSON.stringify(details) ?? '');
  if (bytes <= PAGE_LIMITS.detailsBytes) return [];
  const message = `The details have ${bytes} bytes as JSON; ${PAGE_LIMITS.detailsBytes} are allowed.`;
  return [{ path: ['details'], code: 'page/details', message }];
}

function linkProblems(links: NonNullable<TriggerInput['links']>): Problem[] {
  if (links.length > PAGE_LIMITS.links) {
    const message = `A page has at most ${PAGE_LIMITS.links} links.`;
    return [{ path: ['links'], code: 'page/links', message }];
  }
  return links.flatMap(({ href, text }, index): Problem[] => {
    if (!isWebAddress(href)) {
      const message = `A link is an http or https address of at most ${PAGE_LIMITS.linkHrefLength} characters.`;
      return [{ path: ['links', index, 'href'], code: 'page/links', message }];
    }
    if ((text ?? '').length <= PAGE_LIMITS.linkTextLength) return [];
    const message = `The text of a link has at most ${PAGE_LIMITS.linkTextLength} characters.`;
    return [{ path: ['links', index, 'text'], code: 'page/links', message }];
  });
}

function isWebAddress(href: string): boolean {
  if (href.length > PAGE_LIMITS.linkHrefLength || !URL.canParse(href)) return false;
  return ['http:', 'https:'].includes(new URL(href).protocol);
}

/** Text of a sender on one line, without what could steer a terminal or turn the direction of text. */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
