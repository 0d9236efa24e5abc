import type { Problems } from '../problem.ts';
import { isZone, knownZones } from '../time/zone.ts';
import { LIMITS } from './limits.ts';
import type { ZoneName } from './schedule.ts';

const ID = /^[A-Za-z0-9][A-Za-z0-9._@-]*$/;
/** A suggestion further away than this would only puzzle. */
const MAX_EDITS = 3;
/** A suggestion costs a comparison with every known word; after this many problems nobody misses one. */
export const MAX_SUGGESTIONS = 50;

/** An id: letters, digits and `. _ @ -`, at most 64, beginning with a letter or digit. */
export function checkId(id: string, problems: Problems): void {
  if (id.length <= LIMITS.idLength && ID.test(id)) return;
  const rule = `letters, digits, ".", "_", "@" and "-", at most ${LIMITS.idLength}, beginning with a letter or digit`;
  problems.add([], 'id/invalid', `An id is made of ${rule}; got ${quote(id)}.`);
}

/** A name: not empty, not long, without control characters. */
export function checkName(name: string, problems: Problems): void {
  if (name.trim() === '') problems.add([], 'name/empty', 'A name must not be empty.');
  if (name.length > LIMITS.nameLength) {
    problems.add([], 'limit/name', `A name has at most ${LIMITS.nameLength} characters; got ${name.length}.`);
  }
  if (/\p{Cc}/u.test(name)) {
    problems.add([], 'name/control-character', `A name has no control characters; got ${quote(name)}.`);
  }
}

/** A value as it can be shown in a message: on one line and not too long. */
export function quote(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}

/** One problem for every id that stood before. */
export function checkUnique(ids: readonly string[], problems: Problems): void {
  const seen = new Set<string>();
  ids.forEach((id, index) => {
    if (seen.has(id)) problems.add([index], 'id/duplicate', `${quote(id)} stands here twice; keep one.`);
    seen.add(id);
  });
}

/** The zone, or null after a problem that suggests a near name. */
export function checkZone(name: string, problems: Problems): ZoneName | null {
  if (isZone(name)) return name;
  const near = problems.all.length < MAX_SUGGESTIONS ? nearest(name, knownZones()) : null;
  const hint = near === null ? 'use an IANA name such as Europe/London' : `did you mean ${near}?`;
  problems.add([], 'time/unknown-zone', `${quote(name)} is not an IANA time zone: ${hint}`);
  return null;
}

/** The known word closest to `word` by edits, also by its last part (`Berlin`); null if none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const wanted = word.slice(0, LIMITS.idLength).toLowerCase().replaceAll(' ', '_');
  let best: string | null = null;
  let bestEdits = Math.min(MAX_EDITS, Math.floor(wanted.length / 2)) + 1;
  for (const candidate of known) {
    const whole = candidate.toLowerCase();
    const edits = Math.min(
      distance(wanted, whole),
      distance(wanted, whole.slice(whole.lastIndexOf('/') + 1)),
    );
    if (edits < bestEdits) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MAX_EDITS) return MAX_EDITS + 1;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
