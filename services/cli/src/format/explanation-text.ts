import type { Explanation, PlanFileUnit } from '@watchbill/core';
import { one, priceWords, ruleWords } from './rule-words.ts';
import { table } from './table.ts';
import { type UnitReading, unitWords } from './unit-words.ts';

export interface ExplanationReading {
  readonly units: UnitReading;
  readonly nameOf: (person: string) => string;
  /** Whether the file has the rotation in order, and the plan as if it were fair. */
  readonly isAsFair?: boolean;
}

/** How many people are listed as able, and as unable; the JSON has all. */
const MAX_LISTED = 30;

/** Why a turn of a plan is held by whom it is, in plain words. */
export function explanationLines(
  { candidates, refused }: Explanation,
  { unit, rotation, person }: PlanFileUnit,
  { units, nameOf, isAsFair = false }: ExplanationReading,
): string[] {
  const kind = isAsFair ? 'goes in order in the file, and is planned as if it were fair' : 'is fair';
  return [
    `Rotation ${rotation} ${kind}; the turn is ${unitWords(unit, units)}.`,
    ...verdict({ candidates, person, nameOf }),
    ...priceLines({ candidates, refused }, person, { units, nameOf }),
  ];
}

/** The prices of all who could take a turn, and what keeps the others from it. */
export function priceLines(
  { candidates, refused }: Pick<Explanation, 'candidates' | 'refused'>,
  person: string | null,
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
    ...(rows.length === 0 ? [] : ['', 'What it would weigh for each, in burden-hours, all else as planned:']),
    ...table(rows, [1]),
    ...more(candidates.length - able.length),
    ...(unable.length === 0 ? [] : ['', 'Who cannot take it:']),
    ...table(unable),
    ...more(refused.length - unable.length),
  ];
}

/** For a turn in order: what the planner would have done with it, all other turns as the order has them. */
export function fairBesideLines(
  explanation: Explanation,
  { person }: { readonly person: string },
  reading: ExplanationReading,
): string[] {
  const [first] = explanation.candidates;
  const { nameOf } = reading;
  const own = explanation.refused.find((refusal) => refusal.person === person);
  const words =
    own === undefined ? '' : ` What would keep ${nameOf(person)} from it: ${ruleWords(own.rule)}.`;
  const wouldBe =
    first === undefined
      ? 'The order decides, and no rule: with its other turns as they are, a rule of fair plans keeps everybody from this one.'
      : first.person === person
        ? `The order decides, not the load; a fair plan would give it to ${nameOf(person)} as well.`
        : `The order decides, not the load; it would weigh less for ${nameOf(first.person)}.`;
  return ['', `${wouldBe}${words}`, ...priceLines(explanation, person, reading)];
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
