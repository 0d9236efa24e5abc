import { exchangeBlocks } from './blocks.ts';
import { dropUnit, moveUnit, swapUnits } from './moves.ts';
import { randomFrom } from './random.ts';
import { restore, type State, setCost, snapshot } from './state.ts';
import { type Ground, settle, type Walk } from './walk.ts';

/** How often each move is tried, of 1; the rest leave a gap. */
const MOVE = 0.45;
const SWAP = 0.4;
const EXCHANGE = 0.13;
/** The temperature falls in so many stages, a power of two: its factor is found by square roots alone. */
const STAGES = 256;
const THRESHOLDS = 4096;

/** −ln of numbers spread evenly over (0, 1): how much worse than the temperature a move may be. */
const MINUS_LN = Float64Array.from({ length: THRESHOLDS }, (_, k) => minusLn((k + 0.5) / THRESHOLDS));

export interface WalkOptions {
  readonly seed: number;
  readonly steps: number;
  /** The first and the last temperature, in prices of a mean unit. */
  readonly from: number;
  readonly to: number;
  /** Only these units start moves, in order of start; all movable ones if left out. */
  readonly units?: Int32Array | undefined;
  /** By person: 1 for who may get units; everybody if left out. */
  readonly people?: Uint8Array | undefined;
}

/**
 * Anneals: a move is taken when it costs no more than a random number about as large as the temperature, which
 * falls. Gaps and changes have a price here, so that the walk may pass through worse ones. Leaves the best
 * assignment seen, which may be the one it started from. Budgets are in steps, never in time.
 */
export function improve(state: State, ground: Ground, options: WalkOptions): void {
  const { compiled } = state;
  const { seed, steps, from, to, units = compiled.movable, people = null } = options;
  if (units.length === 0 || compiled.personCount < 2) return;
  const walk: Walk = {
    state,
    ground,
    units,
    isUnit: maskOf(compiled.unitCount, units),
    able: people === null ? ground.able : [],
    people,
    random: randomFrom(seed),
    best: snapshot(state),
    threshold: 0,
    scratch: new Float64Array(compiled.bucketCount),
  };
  const cooling = rootOf(to / from);
  const stage = Math.floor(steps / STAGES);
  let temperature = from * ground.unitPrice;
  for (let k = 0; k < STAGES; k += 1) {
    for (let step = 0; step < stage; step += 1) {
      walk.threshold = temperature * (MINUS_LN[Math.floor(walk.random() * THRESHOLDS)] as number);
      if (tryMove(walk)) settle(walk);
    }
    temperature *= cooling;
  }
  restore(state, walk.best);
  setCost(state, walk.best);
}

function maskOf(count: number, units: Int32Array): Uint8Array {
  const mask = new Uint8Array(count);
  for (const u of units) mask[u] = 1;
  return mask;
}

function tryMove(walk: Walk): boolean {
  const dice = walk.random();
  if (dice < MOVE) return moveUnit(walk);
  if (dice < MOVE + SWAP) return swapUnits(walk);
  return dice < MOVE + SWAP + EXCHANGE ? exchangeBlocks(walk) : dropUnit(walk);
}

/** The factor that, applied at every stage, makes up the whole. */
function rootOf(whole: number): number {
  let root = whole;
  for (let k = 1; k < STAGES; k *= 2) root = Math.sqrt(root);
  return root;
}

/** −ln x for x in (0, 1] by + − × ÷ alone: the same on every machine. */
function minusLn(x: number): number {
  let near = x;
  let halvings = 0;
  for (; near < 0.75; near *= 2) halvings += 1;
  return halvings * atanhSum(1 / 3) - atanhSum((near - 1) / (near + 1));
}

/** 2 atanh z = ln ((1 + z) / (1 − z)). */
function atanhSum(z: number): number {
  let [sum, power] = [0, z];
  for (let n = 1; n < 60; n += 2) {
    sum += power / n;
    power *= z * z;
  }
  return 2 * sum;
}
