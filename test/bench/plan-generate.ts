/**
 * How fair and how fast the planner is on three sizes, beside the two usual ways: round robin, and whoever stood the
 * longest time ago. Then replans: how many turns change, how many must, and what it costs. CPU time of this process.
 */
import {
  audit,
  fairnessOf,
  lowerBound,
  makePlan,
  type PersonId,
  type Plan,
  type PlanFilePerson,
  type Planned,
  type PlanProblem,
  peopleOf,
  repairPlan,
} from '@watchbill/core';
import { exactSolver } from '../support/exact-solver.ts';
import { DAY_MS, type Size, sizedProblem } from '../support/plan-problems.ts';

const SIZES: readonly Size[] = ['S', 'M', 'L'];
const RUNS = 3;
/** Who is due less than this of a full load is not compared: newcomers and leavers. */
const COMPARED_SHARE = 0.2;
/** In a state: nobody holds the unit. */
const NOBODY = -1;

type Assignment = Plan['assignment'];

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The middle of several runs, after one to warm up. */
function timed<T>(run: () => T): { readonly result: T; readonly ms: number } {
  let result = run();
  const times = Array.from({ length: RUNS }, () => {
    const from = cpuMs();
    result = run();
    return cpuMs() - from;
  }).sort((a, b) => a - b);
  return { result, ms: times[Math.floor(RUNS / 2)] ?? 0 };
}

/** Who may hold a unit at all: in the team, no newcomer, not away. */
function isThere(
  problem: PlanProblem,
  unit: PlanProblem['units'][number],
  person: PlanProblem['people'][number],
) {
  return audit({ ...problem, people: [person], units: [unit] }, new Map([[unit.id, person.id]])).length === 0;
}

/** The next of the roster whatever else: absences are left to people to swap away. */
function roundRobin({ people, units }: PlanProblem): Assignment {
  return new Map(units.map(({ id }, k) => [id, people[k % people.length]?.id ?? null]));
}

/** Whoever is there, is not on call beside it, and stood the longest time ago. */
function longestSinceLast(problem: PlanProblem): Assignment {
  const { people, units } = problem;
  const lastEnd = new Map<PersonId, number>();
  const assignment = new Map<string, PersonId | null>();
  for (const unit of units) {
    const start = unit.intervals[0]?.start ?? 0;
    const rest = (unit.rules.restHours ?? 0) * 3_600_000;
    const able = people
      .filter(({ id }) => (lastEnd.get(id) ?? Number.NEGATIVE_INFINITY) + rest <= start)
      .sort((a, b) => (lastEnd.get(a.id) ?? 0) - (lastEnd.get(b.id) ?? 0));
    const next = able.find((person) => isThere(problem, unit, person)) ?? null;
    assignment.set(unit.id, next?.id ?? null);
    if (next !== null) lastEnd.set(next.id, unit.intervals.at(-1)?.end ?? start);
  }
  return assignment;
}

function row(
  problem: PlanProblem,
  name: string,
  planned: Pick<Planned, 'problem' | 'compiled' | 'plan'>,
  ms: number,
) {
  const counted = peopleOf(planned).filter(({ share }) => share >= COMPARED_SHARE);
  const zones = new Map(problem.people.map(({ id, timeZone }) => [id, timeZone]));
  const load = (one: PlanFilePerson) => ({
    level: one.level,
    restDays: one.restDayBurden / one.share,
    region: zones.get(one.person) ?? '',
  });
  const found = fairnessOf(counted.map(load));
  const empty = [...planned.plan.assignment.values()].filter((person) => person === null).length;
  const { value, bound } = planned.plan;
  return {
    method: name,
    'hard violations': audit(problem, planned.plan.assignment).length,
    gaps: empty,
    'max − min': Math.round(found.range),
    'CoV %': found.variationPercent.toFixed(1),
    'within region %': found.withinPercent.toFixed(1),
    gini: found.gini.toFixed(3),
    'weekends, holidays CoV %': found.restDayVariationPercent.toFixed(1),
    'within %': found.restDayWithinPercent.toFixed(1),
    'over bound %': bound === null ? '' : (100 * (value / bound - 1)).toFixed(3),
    'CPU ms': Math.round(ms),
  };
}

function baseline(planned: Planned, assignment: Assignment): Planned {
  return { ...planned, plan: { ...planned.plan, assignment, bound: null } };
}

function generate(size: Size): Planned {
  const problem = sizedProblem(size);
  const { result: planned, ms } = timed(() => makePlan(problem, { certify: false }));
  const { compiled, state } = planned;
  const proof = timed(() => lowerBound(compiled, (u) => state.holder[u] === NOBODY));
  const robin = timed(() => roundRobin(problem));
  const longest = timed(() => longestSinceLast(problem));
  console.log(`\n${size}: ${problem.people.length} people, ${problem.units.length} turns`);
  console.table([
    row(problem, 'round robin', baseline(planned, robin.result), robin.ms),
    row(problem, 'longest since last', baseline(planned, longest.result), longest.ms),
    row(problem, 'watchbill', { ...planned, plan: { ...planned.plan, bound: proof.result } }, ms),
  ]);
  console.log(`proof of the bound: ${Math.round(proof.ms)} ms more`);
  return planned;
}

const EVENTS = {
  'two weeks of leave': (from: number) => ({ away: { start: from, end: from + 14 * DAY_MS } }),
  'somebody leaves': (from: number) => ({ left: from }),
} as const;

async function replans(planned: Planned): Promise<void> {
  const exact = await exactSolver();
  const { problem } = planned;
  const { start, end } = problem.horizon;
  const rows = [];
  for (const [name, event] of Object.entries(EVENTS)) {
    const what: { away?: { start: number; end: number }; left?: number } = event(start + 0.4 * (end - start));
    const units = problem.units.map((unit) => ({
      ...unit,
      previous: planned.plan.assignment.get(unit.id) ?? null,
    }));
    const people = problem.people.map((one, i) => {
      if (i !== 0) return one;
      const unavailable = what.away === undefined ? one.unavailable : [...one.unavailable, what.away];
      return { ...one, unavailable, left: what.left ?? one.left };
    });
    const again = { ...problem, people, units, keepPrevious: true };
    const { result, ms } = timed(() => makePlan(again));
    const from = cpuMs();
    const { planned: repaired, fewestChanges } = await repairPlan(result, exact);
    rows.push({
      event: name,
      changes: repaired.plan.changes.length,
      forced: repaired.plan.forced,
      'fewest changes': fewestChanges,
      gaps:
        repaired.state.gaps === 0
          ? 0
          : [...repaired.plan.assignment.values()].filter((p) => p === null).length,
      'hard violations': audit(again, repaired.plan.assignment).length,
      'CPU ms': Math.round(ms),
      'proof ms': Math.round(cpuMs() - from),
    });
  }
  console.table(rows);
}

for (const size of SIZES) await replans(generate(size));
console.log(`\nmemory: ${Math.round(process.memoryUsage().rss / 1024 / 1024)} MB`);
