import { DAY_MS, HOUR_MS } from '../time/interval.ts';
import { STATIC_BLOCKS } from './pairs.ts';
import { EMPTY, firstFrom, type State } from './state.ts';

const WEEK_MS = 7 * DAY_MS;
const ROUNDING_HOURS = 1e-9;

/** The rules that depend on what else a person holds. */
export type LimitRule =
  | 'consecutive-days'
  | 'consecutive-nights'
  | 'consecutive-weekends'
  | 'units-in-7-days'
  | 'hours-in-7-days'
  | 'share-of-time';
export type BlockRule = Exclude<(typeof STATIC_BLOCKS)[number], ''> | 'overlap-or-rest' | LimitRule;

/** The rule that keeps a person from a unit, and the unit it collides with, or EMPTY if the rule stands alone. */
export interface Block {
  readonly rule: BlockRule;
  readonly unit: number;
}

/** The rule that keeps person i from unit u, which must be empty, given all that they hold; null: none does. */
export function blockOf(state: State, i: number, u: number): Block | null {
  const c = state.compiled;
  const fixed = STATIC_BLOCKS[c.blocked[i * c.unitCount + u] as number] ?? '';
  if (fixed !== '') return { rule: fixed, unit: EMPTY };
  const unit = collidingUnit(state, i, u);
  if (unit !== EMPTY) return { rule: 'overlap-or-rest', unit };
  const limit = brokenLimit(state, i, u);
  return limit === null ? null : { rule: limit, unit: EMPTY };
}

/** Whether a rule keeps person i from unit u, which must be empty. The hot path: no objects. */
export function isBlocked(state: State, i: number, u: number): boolean {
  const c = state.compiled;
  if (c.blocked[i * c.unitCount + u] !== 0) return true;
  return collidingUnit(state, i, u) !== EMPTY || brokenLimit(state, i, u) !== null;
}

/** The first unit of person i that overlaps unit u or leaves too little rest beside it; EMPTY if none does. */
export function collidingUnit(state: State, i: number, u: number): number {
  const { holder } = state;
  for (const v of state.compiled.conflicts[u] as Int32Array) {
    if (holder[v] === i) return v;
  }
  return EMPTY;
}

/** The limit that person i would exceed with unit u, which must be empty; null: none. */
export function brokenLimit(state: State, i: number, u: number): LimitRule | null {
  const c = state.compiled;
  const set = c.ruleSetOf[u] as number;
  const rules = c.ruleSets[set];
  if (rules === undefined) return null;
  const profile = c.profileOf[i] as number;
  const own = i * c.ruleSets.length + set;
  if (rules.maxConsecutiveDays !== null) {
    const days = c.daysOf[profile]?.[u] as Int32Array;
    if (longestRun(state.days[own] as Uint8Array, days) > rules.maxConsecutiveDays) return 'consecutive-days';
  }
  if (rules.maxConsecutiveNights !== null) {
    const nights = c.nightsOf[profile]?.[u] as Int32Array;
    const run = longestRun(state.nights[own] as Uint8Array, nights);
    if (run > rules.maxConsecutiveNights) return 'consecutive-nights';
  }
  const mostWeekends = rules.maxConsecutiveWeekends ?? null;
  if (mostWeekends !== null) {
    const weekends = c.weekendsOf[profile]?.[u] as Int32Array;
    if (longestRun(state.weekends[own] as Uint8Array, weekends) > mostWeekends) return 'consecutive-weekends';
  }
  if (rules.maxUnitsIn7Days !== null) {
    if (busiestWeek(state, i, { u, hours: null }) > rules.maxUnitsIn7Days) return 'units-in-7-days';
  }
  if (rules.maxHoursIn7Days !== null) {
    const most = rules.maxHoursIn7Days + ROUNDING_HOURS;
    if (busiestWeek(state, i, { u, hours: c.hours }) > most) return 'hours-in-7-days';
  }
  if (rules.maxSharePercent !== null) {
    const { start, end } = c.problem.horizon;
    const most = (((end - start) / HOUR_MS) * rules.maxSharePercent) / 100 + ROUNDING_HOURS;
    if ((state.hoursHeld[own] as number) + (c.hours[u] as number) > most) return 'share-of-time';
  }
  return null;
}

/** The longest run of days in a row around the new days, when these are added. */
function longestRun(counts: Uint8Array, added: Int32Array): number {
  let longest = 0;
  for (let k = 0; k < added.length; k += 1) {
    const day = (added[k] as number) + 1;
    let end = day;
    for (;;) {
      const next = end + 1;
      if (k + 1 < added.length && (added[k + 1] as number) + 1 === next) k += 1;
      else if ((counts[next] ?? 0) === 0) break;
      end = next;
    }
    let start = day;
    while (start > 0 && (counts[start - 1] ?? 0) > 0) start -= 1;
    longest = Math.max(longest, end - start + 1);
  }
  return longest;
}

/** The most units (`hours` null) or hours, by their start, that person i would have in any seven days with unit u. */
function busiestWeek(state: State, i: number, of: { u: number; hours: Float64Array | null }): number {
  const { hullStart, ruleSetOf } = state.compiled;
  const { u, hours } = of;
  const held = state.held[i] as number[];
  const start = hullStart[u] as number;
  const first = firstFrom(state, i, start - WEEK_MS + 1);
  let busiest = 0;
  // Weeks that begin with the unit itself, and with each one up to seven days before it.
  for (let k = first - 1; k < held.length; k += 1) {
    const from = k < first ? start : (hullStart[held[k] as number] as number);
    if (from > start) break;
    let total = hours === null ? 1 : (hours[u] as number);
    for (let m = first; m < held.length; m += 1) {
      const v = held[m] as number;
      const at = hullStart[v] as number;
      if (at >= from + WEEK_MS) break;
      if (at < from || ruleSetOf[v] !== ruleSetOf[u]) continue;
      total += hours === null ? 1 : (hours[v] as number);
    }
    busiest = Math.max(busiest, total);
  }
  return busiest;
}
