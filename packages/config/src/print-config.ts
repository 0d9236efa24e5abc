import { RULE_PACKS } from '@watchbill/core';
import type { Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { Document, isCollection, isMap, isScalar, isSeq, visit } from 'yaml';
import type { ConfigModel } from './model/config-schema.ts';

/** One order for the keys of every map: what a thing is, then when, then who, then the lists inside it. */
export const KEY_ORDER: readonly string[] = [
  'version',
  'id',
  'name',
  'description',
  'email',
  'team',
  'days',
  'from',
  'to',
  'schedule',
  'person',
  'add',
  'remove',
  'replaces',
  'role',
  'slackChannel',
  'webhook',
  'reason',
  'timeZone',
  'workingHours',
  'sleep',
  'weekend',
  'holidays',
  'slack',
  'share',
  'joined',
  'shadowUntil',
  'left',
  'unavailable',
  'unavailableFeed',
  'prefers',
  'weight',
  'roles',
  'coreHours',
  'coverage',
  'rulePacks',
  ...new Set([
    ...RULE_PACKS.map(({ id }) => id),
    ...RULE_PACKS.flatMap(({ rules }) => rules.map(({ id }) => id)),
  ]),
  'layer',
  'hours',
  'strategy',
  'every',
  'unit',
  'roster',
  'seats',
  'cadence',
  'start',
  'handoffs',
  'effectiveFrom',
  'effectiveUntil',
  'count',
  'restHours',
  'maxConsecutiveDays',
  'maxConsecutiveNights',
  'maxConsecutiveWeekends',
  'maxUnitsIn7Days',
  'maxHoursIn7Days',
  'maxSharePercent',
  'constraints',
  'publishAheadDays',
  'freezeDays',
  'turns',
  'notify',
  'wait',
  'severities',
  'roundRobin',
  'members',
  'managers',
  'swaps',
  'rotations',
  'overrides',
  'steps',
  'repeat',
  'lastResort',
  'retriggerAfter',
  'people',
  'teams',
  'schedules',
  'escalationPolicies',
];

/** Maps and lists under these keys are short and read best on one line. */
const ON_ONE_LINE: ReadonlySet<string> = new Set([
  'add',
  'cadence',
  'constraints',
  'days',
  'handoffs',
  'lastResort',
  'managers',
  'members',
  'notify',
  'person',
  'remove',
  'roles',
  'roster',
  'severities',
  'sleep',
  'weekend',
  'workingHours',
]);
/** The items of lists under these keys are short and read best on one line each. */
const ITEMS_ON_ONE_LINE: ReadonlySet<string> = new Set([
  'coreHours',
  'coverage',
  'hours',
  'overrides',
  'prefers',
  'turns',
  'unavailable',
]);
const LINE_WIDTH = 110;
// Readers of YAML 1.1 take these for times, dates, numbers or booleans when they are not in quotes.
const NEEDS_QUOTES = /^(?:\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}[T ].*|y|n|yes|no|on|off)$/i;

const RANKS = new Map(KEY_ORDER.map((key, rank) => [key, rank]));

/**
 * Prints a model as YAML that reads back to the same model: keys in one fixed order, times of day in quotes.
 * Comments of a file that was read are not part of its model.
 */
export function printConfig(model: ConfigModel): string {
  const document = new Document(inOrder(model), {
    schema: 'core',
    version: '1.2',
    aliasDuplicateObjects: false,
  });
  visit(document, {
    Scalar: (_, node) => quoteScalar(node),
    Pair: (_, pair) => layOut(pair as Pair<Scalar<string>, Node | null>),
  });
  spaceOut(document.contents);
  return document.toString({ lineWidth: LINE_WIDTH, singleQuote: false, flowCollectionPadding: true });
}

function rank(key: string): number {
  return RANKS.get(key) ?? KEY_ORDER.length;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner)]));
}

function quoteScalar(node: Scalar): void {
  if (typeof node.value === 'string' && NEEDS_QUOTES.test(node.value)) node.type = 'QUOTE_DOUBLE';
}

function layOut({ key, value }: Pair<Scalar<string>, Node | null>): void {
  if (!isCollection(value)) return;
  if (ON_ONE_LINE.has(key.value)) setFlow(value);
  if (!ITEMS_ON_ONE_LINE.has(key.value)) {
    if (key.value === 'holidays') setFlow(value);
    return;
  }
  if (isMap(value)) setFlow(value);
  else for (const item of value.items) if (isCollection(item)) setFlow(item);
}

function setFlow(collection: YAMLMap | YAMLSeq): void {
  collection.flow = true;
}

/** A blank line before every section, so that long files can be skimmed. */
function spaceOut(contents: unknown): void {
  if (!isMap(contents)) return;
  for (const pair of contents.items as Pair<Node, Node>[]) {
    if (isScalar(pair.key) && isSeq(pair.value)) pair.key.spaceBefore = true;
  }
}
