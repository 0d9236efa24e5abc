import type { Explanation, PlanFileUnit } from '@watchbill/core';
import { one, priceWords, ruleWords } from './rule-words.ts';
import { table } from './table.ts';
import { type UnitReading, unitWords } from './unit-words.ts';

export interface ExplanationReading {
  readonly units: UnitReading;
  readonly nameOf: (person: string) => string;
}

/** How many people are listed as able, and as unable; the JSON has all. */
const MAX_LISTED = 30;

/** Why a turn of a plan is held by whom it is, in plain words. */
export function explanationLines(
  { candidates, refused }: Explanation,
  { unit, rotation, person }: PlanFileUnit,
  { units, nameOf }: ExplanationReading,
): string[] {
  const able = candidates.slice(0, MAX_LISTED);
  const rows = able.map((price) => [
    price.person === person ? `→ ${nameOf(price.person)}` : `  ${nameOf(price.person)}`,
    one(price.total),
    priceWords(price),
  ]);
  const unable = refused.slice(0, MAX_LISTED).map(({ person: who, rule, unit: beside }) => {
    const place = beside === null ? '' : ` (${unitWords(beside, units)})`;
    return [`  ${nameOf(who)}`, `${ruleWords(rule)}${place}`];
  });
  return [
    `Rotation ${rotation} is fair; the turn is ${unitWords(unit, units)}.`,
    ...verdict({ candidates, person, nameOf }),
    ...(rows.length === 0 ? [] : ['', 'What it would weigh for each, in burden-hours, all else as planned:']),
    ...table(rows, [1]),
    ...more(candidates.length - able.length),
    ...(unable.length === 0 ? [] : ['', 'Who cannot take it:']),
    ...table(unable),
    ...more(refused.length - unable.length),
  ];
}

function verdict(of: {
  readonly candidates: Explanation['candidates'];
  readonly person: string | null;
  readonly nameOf: (person: string) => string;
}): string[] {
  const { candidates, person, nameOf } = of;
  const [first] = candidates;
  if (person === null) {
    return first === undefined
      ? ['Nobody has it: there is nobody whom no rule keeps from it.']
      : [
          `The plan leaves it open, but ${nameOf(first.person)} could take it now: plan again with --previous.`,
        ];
  }
  const own = candidates.find((price) => price.person === person);
  if (own === undefined) return [`A rule keeps ${nameOf(person)} from it now: plan again with --previous.`];
  if (first === undefined || first.person === person || own.total <= first.total) {
    const only = candidates.length === 1 ? 'the only one who can take it' : 'it weighs least for them';
    return [`${nameOf(person)} has it: ${only}.`];
  }
  return [
    `${nameOf(person)} has it and keeps it, though it weighs less for ${nameOf(first.person)} now: ` +
      'what is told to people is not changed for that.',
  ];
}

function more(count: number): string[] {
  return count > 0 ? [`  … and ${count} more; --format json has all.`] : [];
}
