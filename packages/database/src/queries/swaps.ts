import type { Instant, Swap, SwapOffer, SwapRefusal, SwapState } from '@watchbill/core';
import { columns } from '../columns.ts';
import type { Queryable, Transaction } from '../connection.ts';
import { toTimestamp, toTimestampOrNull } from '../instants.ts';
import { statement } from '../statement.ts';

type StoredSwap = Omit<Swap, 'offers' | 'refusals'>;

interface AnswerRow {
  readonly swap: string;
  readonly kind: 'offer' | 'refusal';
  readonly person: string;
  readonly gives: SwapOffer['gives'];
  readonly takes: SwapOffer['takes'];
  readonly reason: string | null;
  readonly at: Instant;
}

const COLUMNS = `id, kind, origin, state, version, person, gives, takes, audience AS to, asked, reason,
  accepted_by AS "acceptedBy", accepted_at AS "acceptedAt", awaiting, rest_of AS "restOf", overrides,
  starts_at AS "startsAt", expires_at AS "expiresAt", created_by AS "createdBy", created_at AS "createdAt",
  closed_by AS "closedBy", closed_reason AS "closedReason", closed_at AS "closedAt"`;

const FIND = statement('swaps.find', `SELECT ${COLUMNS} FROM swaps WHERE id = $1`);
const HOLD = statement('swaps.hold', `SELECT ${COLUMNS} FROM swaps WHERE id = $1 FOR UPDATE`);
const WAITING = statement(
  'swaps.waiting',
  `SELECT ${COLUMNS} FROM swaps WHERE person = $1 AND state IN ('open', 'accepted') ORDER BY id`,
);
const TAKEN = statement(
  'swaps.taken',
  `SELECT ${COLUMNS} FROM swaps
   WHERE schedules @> ARRAY[$2::text] AND people @> ARRAY[$1::text] AND person = $1 AND origin = 'take'
     AND state = 'applied' AND expires_at > clock_now()
   ORDER BY closed_at DESC, id DESC LIMIT $3`,
);
const PAGE = statement(
  'swaps.page',
  `SELECT ${COLUMNS} FROM swaps
   WHERE id > $1 AND ($2::text IS NULL OR people @> ARRAY[$2::text])
     AND ($3::text IS NULL OR schedules @> ARRAY[$3::text])
     AND ($4::text[] IS NULL OR state = ANY($4::text[]))
   ORDER BY id LIMIT $5`,
);
const CLAIM_EXPIRED = statement(
  'swaps.claim-expired',
  `SELECT ${COLUMNS} FROM swaps WHERE state IN ('open', 'accepted') AND expires_at <= $1::timestamptz
   ORDER BY expires_at, id LIMIT $2 FOR UPDATE SKIP LOCKED`,
);
const ADD = statement(
  'swaps.add',
  `INSERT INTO swaps (id, kind, origin, state, version, person, gives, takes, audience, asked, reason, accepted_by,
     accepted_at, awaiting, rest_of, overrides, starts_at, expires_at, created_by, created_at, closed_by,
     closed_reason, closed_at, people, schedules)
   VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9::jsonb, $10::text[], $11, $12, $13::timestamptz,
     $14::text[], $15, $16::jsonb, $17::timestamptz, $18::timestamptz, $19, $20::timestamptz, $21, $22,
     $23::timestamptz, $24::text[], $25::text[])`,
);
const CHANGE = statement(
  'swaps.change',
  `UPDATE swaps SET state = $3, version = version + 1, gives = $4::jsonb, takes = $5::jsonb, accepted_by = $6,
     accepted_at = $7::timestamptz, awaiting = $8::text[], overrides = $9::jsonb, starts_at = $10::timestamptz,
     expires_at = $11::timestamptz, closed_by = $12, closed_reason = $13, closed_at = $14::timestamptz,
     people = $15::text[], schedules = $16::text[]
   WHERE id = $1 AND version = $2 AND state IN ('open', 'accepted')
   RETURNING id`,
);
/**
 * Requests that are over, and whose last shift ended, both long ago. One stays as long as a request for its rest: that
 * one goes first. Overrides, shifts, the ledger and the audit log keep what came of it.
 */
const PRUNE = statement(
  'swaps.prune',
  `WITH old AS (
     SELECT id FROM swaps s
     WHERE closed_at < clock_now() - $1 * interval '1 millisecond'
       AND (SELECT max((part->>'end')::float8) FROM jsonb_array_elements(gives || takes) AS part)
         < extract(epoch FROM clock_now()) * 1000 - $1
       AND NOT EXISTS (SELECT FROM swaps r WHERE r.rest_of = s.id)
     ORDER BY closed_at LIMIT $2 FOR UPDATE SKIP LOCKED
   ),
   answers AS (DELETE FROM swap_answers a USING old WHERE a.swap_id = old.id)
   DELETE FROM swaps s USING old WHERE s.id = old.id RETURNING 1`,
);
const ANSWERS = statement(
  'swaps.answers',
  `SELECT swap_id AS swap, kind, person, gives, takes, reason, answered_at AS at FROM swap_answers
   WHERE swap_id = ANY($1::text[]) ORDER BY answered_at, person`,
);
const SAVE_ANSWER = statement(
  'swaps.save-answer',
  `INSERT INTO swap_answers (swap_id, person, kind, gives, takes, reason, answered_at)
   VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7::timestamptz)
   ON CONFLICT (swap_id, person) DO UPDATE SET kind = excluded.kind, gives = excluded.gives,
     takes = excluded.takes, reason = excluded.reason, answered_at = excluded.answered_at`,
);
const DROP_ANSWER = statement(
  'swaps.drop-answer',
  'DELETE FROM swap_answers WHERE swap_id = $1 AND person = $2',
);
const HOLD_PEOPLE = statement(
  'swaps.hold-people',
  `SELECT pg_advisory_xact_lock(872301, key) FROM (
     SELECT DISTINCT hashtext(person) AS key FROM unnest($1::text[]) AS person ORDER BY key
   ) AS keys`,
);

/** A swap with its answers; null for an unknown one. */
export async function findSwap(queryable: Queryable, id: string): Promise<Swap | null> {
  return one(queryable, await queryable.query<StoredSwap>(FIND, [id]));
}

/** Reads a swap and holds it until the end of the transaction. */
export async function holdSwap(tx: Transaction, id: string): Promise<Swap | null> {
  return one(tx, await tx.query<StoredSwap>(HOLD, [id]));
}

/** The requests of a person that are open or wait for approval, in the order of their making. */
export async function waitingSwaps(queryable: Queryable, person: string): Promise<Swap[]> {
  return withAnswers(queryable, await queryable.query<StoredSwap>(WAITING, [person]));
}

/** What others took over from a person on a schedule and is not over, the last first; at most `limit`. */
export async function swapsTaken(
  queryable: Queryable,
  from: { readonly person: string; readonly schedule: string; readonly limit: number },
): Promise<Swap[]> {
  const values = [from.person, from.schedule, from.limit];
  return withAnswers(queryable, await queryable.query<StoredSwap>(TAKEN, values));
}

/**
 * A page of swaps in the order of their making, after the id `after`: those that concern a person (who asked, was
 * asked, or takes part) or a schedule, or are in some states; all where nothing is said.
 */
export async function pageSwaps(
  queryable: Queryable,
  want: {
    readonly person?: string | undefined;
    readonly schedule?: string | undefined;
    readonly states?: readonly SwapState[] | undefined;
    readonly after: string;
    readonly limit: number;
  },
): Promise<Swap[]> {
  const { person = null, schedule = null, states = null, after, limit } = want;
  return withAnswers(
    queryable,
    await queryable.query<StoredSwap>(PAGE, [after, person, schedule, states, limit]),
  );
}

/** Holds up to `limit` swaps that nobody can accept any more; those that somebody else holds are left out. */
export async function holdExpiredSwaps(tx: Transaction, now: Instant, limit: number): Promise<Swap[]> {
  return withAnswers(tx, await tx.query<StoredSwap>(CLAIM_EXPIRED, [toTimestamp(now), limit]));
}

/**
 * Lets only one swap at a time decide about what these people stand, on any schedule, until the transaction ends.
 * To be called before schedules are locked.
 */
export async function holdPeopleOfSwap(tx: Transaction, people: readonly string[]): Promise<void> {
  await tx.query(HOLD_PEOPLE, [people]);
}

export async function addSwap(tx: Transaction, swap: Swap): Promise<void> {
  await tx.query(ADD, [
    ...[swap.id, swap.kind, swap.origin, swap.state, swap.version, swap.person],
    ...[JSON.stringify(swap.gives), JSON.stringify(swap.takes), JSON.stringify(swap.to), swap.asked],
    ...[swap.reason, swap.acceptedBy, toTimestampOrNull(swap.acceptedAt), swap.awaiting, swap.restOf],
    ...[JSON.stringify(swap.overrides), toTimestamp(swap.startsAt), toTimestamp(swap.expiresAt)],
    ...[swap.createdBy, toTimestamp(swap.createdAt)],
    ...[swap.closedBy, swap.closedReason, toTimestampOrNull(swap.closedAt)],
    ...[peopleOf(swap), schedulesOf(swap)],
  ]);
}

/** Writes the next state of a swap that is open or accepted. False where it is not any more as it was read. */
export async function changeSwap(tx: Transaction, before: Swap, after: Swap): Promise<boolean> {
  const rows = await tx.query(CHANGE, [
    ...[before.id, before.version, after.state, JSON.stringify(after.gives), JSON.stringify(after.takes)],
    ...[after.acceptedBy, toTimestampOrNull(after.acceptedAt), after.awaiting],
    ...[JSON.stringify(after.overrides), toTimestamp(after.startsAt), toTimestamp(after.expiresAt)],
    ...[after.closedBy, after.closedReason, toTimestampOrNull(after.closedAt)],
    ...[peopleOf(after), schedulesOf(after)],
  ]);
  return rows.length === 1;
}

/** Notes the offer of a person; it takes the place of what they said before. */
export async function saveOffer(tx: Transaction, swap: string, offer: SwapOffer): Promise<void> {
  const stretches = [JSON.stringify(offer.gives), JSON.stringify(offer.takes)];
  await tx.query(SAVE_ANSWER, [swap, offer.person, 'offer', ...stretches, null, toTimestamp(offer.at)]);
}

/** Forgets what a person answered: their offer was declined. */
export async function dropAnswer(tx: Transaction, swap: string, person: string): Promise<void> {
  await tx.query(DROP_ANSWER, [swap, person]);
}

/** Notes that a person will not. */
export async function saveRefusal(tx: Transaction, swap: string, refusal: SwapRefusal): Promise<void> {
  const { person, reason, at } = refusal;
  await tx.query(SAVE_ANSWER, [swap, person, 'refusal', '[]', '[]', reason, toTimestamp(at)]);
}

async function one(queryable: Queryable, rows: readonly StoredSwap[]): Promise<Swap | null> {
  const [swap] = await withAnswers(queryable, rows);
  return swap ?? null;
}

async function withAnswers(queryable: Queryable, rows: readonly StoredSwap[]): Promise<Swap[]> {
  if (rows.length === 0) return [];
  const answers = await queryable.query<AnswerRow>(ANSWERS, columns(rows, [(row) => row.id]));
  return rows.map((row) => {
    const own = answers.filter((answer) => answer.swap === row.id);
    return {
      ...row,
      offers: own
        .filter(({ kind }) => kind === 'offer')
        .map(({ person, gives, takes, at }) => ({ person, gives, takes, at })),
      refusals: own
        .filter(({ kind }) => kind === 'refusal')
        .map(({ person, reason, at }) => ({ person, reason, at })),
    };
  });
}

function peopleOf(swap: Swap): string[] {
  const taking = swap.takes.map((stretch) => stretch.person);
  const by = swap.acceptedBy === null ? [] : [swap.acceptedBy];
  return [...new Set([swap.person, ...swap.asked, ...taking, ...by])].sort();
}

function schedulesOf({ gives, takes }: Swap): string[] {
  return [...new Set([...gives, ...takes].map((stretch) => stretch.schedule))].sort();
}

/** Deletes swaps that are over and stood long ago, with their answers, by the clock of the schedules. Returns how many. */
export async function pruneSwaps(
  queryable: Queryable,
  { olderThanMs, limit }: { readonly olderThanMs: number; readonly limit: number },
): Promise<number> {
  return (await queryable.query(PRUNE, [olderThanMs, limit])).length;
}
