export * from './escalation/advance.ts';
export * from './escalation/page.ts';
export * from './escalation/policy.ts';
export * from './escalation/quiet-hours.ts';
export { burdenHours, burdenOf, type PersonBurden, type RoleStretch } from './fairness/burden.ts';
export * from './fairness/fact-sheet.ts';
export * from './fairness/fact-sheet-text.ts';
export { type Account, type ClosingOptions, closeLedger, type PeriodLoad } from './fairness/ledger.ts';
export {
  type CarriedLoad,
  type FairnessMeasures,
  fairnessOf,
  type Spread,
  spreadOf,
} from './fairness/measures.ts';
export * from './mirror/mirror.ts';
export * from './people/person.ts';
export { shadowEnd } from './people/presence.ts';
export { weekendOfPlace, weekendsBy } from './people/weekend.ts';
export { asFair, asOrderShows, inOrderRotations, rotationPlace } from './planner/as-fair.ts';
export type { PlanStage, Progress } from './planner/assign-units.ts';
export { audit, type Violation } from './planner/audit.ts';
export { lowerBound } from './planner/bound.ts';
export { demandOf, unitId } from './planner/demand.ts';
export { ENGINE_VERSION } from './planner/engine-version.ts';
export { entitlementOf } from './planner/entitlement.ts';
export * from './planner/explain.ts';
export type { GapReport, Relaxation, RuleKind } from './planner/gap-report.ts';
export { inputHash } from './planner/input-hash.ts';
export { BURDEN_CLASSES, type BurdenClass } from './planner/lattice.ts';
export { makePlan, type Plan, type Planned, type PlanOptions } from './planner/plan.ts';
export * from './planner/plan-file.ts';
export * from './planner/plan-problem.ts';
export * from './planner/problem.ts';
export { seedOf } from './planner/random.ts';
export { readPlan } from './planner/read-plan.ts';
export { type Repaired, repairPlan } from './planner/repair.ts';
export * from './planner/repair-model.ts';
export type { ChangeReason, PlanChange } from './planner/replan.ts';
export type { Block, BlockRule } from './planner/rules.ts';
export { sha256 } from './planner/sha256.ts';
export * from './practice/check-schedules.ts';
export type { CheckWarning, Saying } from './practice/check-warning.ts';
export { CHECK_DAYS } from './practice/coverage-gaps.ts';
export { type Crew, type CrewParticipation, staffOf } from './practice/crews.ts';
export { type HolidayNames, LAST_YEAR_MS } from './practice/holiday-rules.ts';
export type { PracticePage } from './practice/hour-rules.ts';
export { vouchedShifts } from './practice/owned-shift.ts';
export * from './practice/pack-choices.ts';
export type { AbstentionReason, Participation, WeekPart } from './practice/participation.ts';
export { type PracticeRule, RULE_PACKS, type RulePack } from './practice/rule-packs.ts';
export type { Made, Problem } from './problem.ts';
export { nearest } from './schedule/check.ts';
export * from './schedule/draft.ts';
export { DAY_NAMES, DAY_NUMBERS } from './schedule/hours-draft.ts';
export { LIMITS } from './schedule/limits.ts';
export { DEFAULT_RULES } from './schedule/make-fair.ts';
export { makeSchedule, type ScheduleContext } from './schedule/make-schedule.ts';
export * from './schedule/schedule.ts';
export * from './swap/candidate.ts';
export * from './swap/decide-swap.ts';
export * from './swap/duty.ts';
export * from './swap/hand-over.ts';
export { type Place, peopleInForce, placeOf } from './swap/place.ts';
export { type CandidateInput, rankCandidates } from './swap/rank-candidates.ts';
export { reasonsAgainst, type StandInput } from './swap/reasons-against.ts';
export * from './swap/standing.ts';
export * from './swap/swap.ts';
export * from './time/civil.ts';
export * from './time/format.ts';
export * from './time/interval.ts';
export * from './time/show.ts';
export {
  FIRST_INSTANT,
  isZone,
  knownZones,
  LAST_INSTANT,
  offsetAt,
  type Pass,
  type Transition,
  toUtc,
  toWall,
  transitions,
} from './time/zone.ts';
export { MAX_NEXT_MS, MAX_REACH_MS, nextOnCall, type OnCall, onCallAt, wholeShifts } from './timeline/at.ts';
export { applyChanges, diffTimelines, sameShifts } from './timeline/diff.ts';
export { DEFAULT_HANDOFFS, type HandoffQuery, handoffs, MAX_HANDOFFS } from './timeline/handoffs.ts';
export { hoursIn, windowsIn } from './timeline/hours.ts';
export * from './timeline/json.ts';
export { withPlan } from './timeline/planned-turns.ts';
export { compareShifts, resolveTimeline } from './timeline/resolve.ts';
export * from './timeline/summary.ts';
export * from './timeline/timeline.ts';
export type { Turn } from './timeline/turn.ts';
export { MAX_TURNS, turnsIn } from './timeline/turns.ts';
