import type { PageState } from '@watchbill/core';
import type { IntakePageFilter } from '@watchbill/database';
import { boundedKey } from './plain-text.ts';

export type AlertQuery =
  | { readonly ok: true; readonly filter: IntakePageFilter }
  | { readonly ok: false; readonly error: string };

const OPEN: readonly PageState[] = ['triggered', 'acknowledged'];
const ANY: IntakePageFilter = {
  states: [...OPEN, 'resolved'],
  ...{ dedupKey: null, number: null, summary: null, source: null, snoozed: null, priority: null, tag: null },
};
const QUERY_LIMIT = 1_000;
/** `field: value`, `field = "two words"`, or a word alone; joined by AND, or by nothing. */
const TERM = /\s*(?:(\w+)\s*[:=]\s*)?(?:"([^"]*)"|([^\s"():=<>]+))\s*/y;
const FALSE_OR_TRUE: Readonly<Record<string, boolean>> = { true: true, false: false };

/**
 * Reads what somebody searches for in the way of the Opsgenie API: `status: open AND tag: mail`. Terms joined by AND
 * are understood; OR, NOT, brackets and ranges are refused, for a search that means less than it says would mislead.
 */
export function readAlertQuery(text: string): AlertQuery {
  if (text.length > QUERY_LIMIT) return no(`a query has at most ${QUERY_LIMIT} characters`);
  let filter = ANY;
  TERM.lastIndex = 0;
  for (let at = 0; at < text.trimEnd().length; at = TERM.lastIndex) {
    const term = TERM.exec(text);
    if (term === null) return no(`cannot read "${text.slice(at, at + 20)}"`);
    const [, field, quoted, word] = term;
    if (field === undefined && word === 'AND') continue;
    if (field === undefined && (word === 'OR' || word === 'NOT')) return no(`${word} is not supported`);
    const next = narrowed(filter, field?.toLowerCase() ?? 'message', quoted ?? word ?? '');
    if (typeof next === 'string') return no(next);
    filter = next;
  }
  return { ok: true, filter };
}

function narrowed(filter: IntakePageFilter, field: string, value: string): IntakePageFilter | string {
  const within = (states: readonly PageState[]) => ({
    ...filter,
    states: filter.states.filter((state) => states.includes(state)),
  });
  const flag = FALSE_OR_TRUE[value.toLowerCase()];
  switch (field) {
    case 'status':
      if (value === 'open') return within(OPEN);
      return value === 'closed' || value === 'resolved' ? within(['resolved']) : 'status is open or closed';
    case 'acknowledged':
      if (flag === undefined) return 'acknowledged is true or false';
      return within(flag ? ['acknowledged'] : ['triggered', 'resolved']);
    case 'snoozed':
      return flag === undefined ? 'snoozed is true or false' : { ...filter, snoozed: flag };
    case 'alias':
      return { ...filter, dedupKey: boundedKey(value) ?? '' };
    case 'tinyid':
      return /^\d{1,15}$/.test(value) ? { ...filter, number: Number(value) } : 'tinyId is a number';
    case 'message':
      return { ...filter, summary: value.replace(/\*$/, '') };
    case 'source':
      return { ...filter, source: value };
    case 'priority':
      return { ...filter, priority: value.toUpperCase() };
    case 'tag':
    case 'tags':
      return { ...filter, tag: value };
    default:
      return `the field "${field.slice(0, 40)}" is not supported`;
  }
}

function no(why: string): { readonly ok: false; readonly error: string } {
  const terms = 'status, acknowledged, snoozed, alias, tinyId, message, source, priority, tag';
  return { ok: false, error: `Query can not be parsed: ${why}. Join terms with AND: ${terms}.` };
}
