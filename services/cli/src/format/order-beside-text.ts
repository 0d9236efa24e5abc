import type { PlanFile } from '@watchbill/core';
import { spreadOf } from '@watchbill/core';
import type { Manners, OrderBeside } from '../plan/order-beside.ts';
import { coloursFor } from './colours.ts';
import { percentAbove } from './percent.ts';
import { pair, pairTable } from './simulation-text.ts';
import { table } from './table.ts';

/** What the file's own order gives, beside the plan: by person, then in all. */
export function orderLines(
  plan: PlanFile,
  { order, orderManners, planManners }: OrderBeside,
  { nameOf, colour }: { readonly nameOf: (person: string) => string; readonly colour: boolean },
): string[] {
  const { bold, dim } = coloursFor(colour);
  const [was, is] = [order, plan].map(({ people }) =>
    spreadOf(people.filter(({ share }) => share > 0.01).map(({ level }) => level)),
  );
  const people = (of: (manners: Manners) => readonly string[]): string =>
    `${names(of(orderManners), nameOf)} → ${names(of(planManners), nameOf)}`;
  return [
    bold('In order, as the file says → planned:'),
    '',
    ...pairTable(order.people, plan.people, nameOf),
    '',
    ...table([
      ['Spread, least to most', `${pair(was?.range ?? 0, is?.range ?? 0)} burden-hours`],
      ['Variation', `${pair(was?.variationPercent ?? 0, is?.variationPercent ?? 0)} %`],
      ['Above the provable optimum', aboveWords(order, plan)],
      ['Rest under 11 h between turns', people(({ shortRest }) => shortRest)],
      ['Take no part in core hours', people(({ noCore }) => noCore)],
      ['Take no part in non-core hours', people(({ noNonCore }) => noNonCore)],
    ]),
    dim('"watchbill check" says more of rest, taking part and rules.'),
  ];
}

function aboveWords(order: PlanFile, plan: PlanFile): string {
  const { bound } = plan;
  if (bound === null || bound <= 0 || plan.gaps.length > 0) return 'not known';
  return `${percentAbove(order.value, bound)} % → ${percentAbove(plan.value, bound)} %`;
}

/** More people than these are counted, not named. */
const MAX_NAMED = 3;

function names(people: readonly string[], nameOf: (person: string) => string): string {
  if (people.length === 0) return 'nobody';
  return people.length > MAX_NAMED ? `${people.length} people` : people.map(nameOf).join(', ');
}
