import { BadInput } from '../input/bad-input.ts';

/** A person found in the summaries: the id for the file, and the name as the calendar writes it. */
export interface NamedPerson {
  readonly id: string;
  readonly name: string;
}

export interface NamedSummaries {
  /** In order of first appearance. */
  readonly people: readonly NamedPerson[];
  /** The ids named by a summary; empty when it names nobody that can be read. */
  readonly idsOf: (summary: string) => readonly string[];
  /** What was taken away from the front and the back of the summaries. */
  readonly prefix: string;
  readonly suffix: string;
  /** Summaries that lack the prefix or suffix the others have: taken whole. */
  readonly unlike: readonly string[];
}

/** A prefix or suffix counts as common when at least this share of the events has it. */
const COMMON_SHARE = 0.6;
const SEPARATOR = /\s*[:|]\s*|\s+[-–—]\s+/g;
/** Words that mark a front or back part without a separator ("On call Amara") as not part of a name. */
const DUTY_WORDS =
  /(?:\b(?:on[- ]?call|on duty|duty|triager?|pager|primary|secondary|shift|support|rota)\b[\s-]*)+/i;
/** Several people in one summary. */
const BETWEEN_NAMES = /\s*[,;/&+]\s*|\s+(?:and|und|et|y)\s+/iu;
/** Only so much of a summary is read: nobody's name is longer. */
const SUMMARY_MAX_CHARACTERS = 200;
/** Only so many separators of one summary are tried as the end of a common part. */
const MAX_PARTS = 6;
const ID_MAX_CHARACTERS = 56;
/** Words with a meaning of their own in a roster. */
const RESERVED_IDS = new Set(['nobody', 'team']);
const NOBODY = /^(nobody|no[- ]?one|vacant|unassigned|tbd|tba|none|n\/a|\?+|-+)$/i;

/**
 * Finds the people in the summaries of a calendar. Without a pattern, what most summaries have in common
 * ("Necko triager: ") is taken away first. With one, its group `person`, else its first group, else the whole
 * match is the name, and a summary that does not match names nobody.
 */
export function namePeople(summaries: readonly string[], pattern: string | null): NamedSummaries {
  const clean = summaries.map(cleanText);
  const match = pattern === null ? null : compile(pattern);
  const prefix = match === null ? commonPart(clean, 'front') : '';
  const rest = clean.map((text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text));
  const suffix = match === null ? commonPart(rest, 'back') : '';
  const unlike = new Set<string>();
  const namesOf = (summary: string): string[] => {
    const text = cleanText(summary);
    if (match !== null) return split(matched(match, text));
    const whole =
      text.startsWith(prefix) && text.endsWith(suffix) && text.length >= prefix.length + suffix.length;
    if (!whole && text !== '') unlike.add(text);
    return split(whole ? text.slice(prefix.length, text.length - suffix.length) : text);
  };
  const ids = new Map<string, NamedPerson>();
  const taken = new Set<string>(RESERVED_IDS);
  for (const name of clean.flatMap(namesOf)) {
    if (!ids.has(keyOf(name))) ids.set(keyOf(name), { id: newId(name, taken), name });
  }
  const idsBySummary = new Map(
    summaries.map((summary) => [
      summary,
      [...new Set(namesOf(summary).flatMap((name) => ids.get(keyOf(name))?.id ?? []))],
    ]),
  );
  const idsOf = (summary: string): readonly string[] => idsBySummary.get(summary) ?? [];
  return { people: [...ids.values()], idsOf, prefix, suffix, unlike: [...unlike] };
}

/** Control characters and runs of white space would only make names that cannot be typed. */
export function cleanText(text: string): string {
  return text
    .slice(0, SUMMARY_MAX_CHARACTERS)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch (error) {
    throw new BadInput(`--person-pattern is not a regular expression: ${(error as Error).message}`);
  }
}

function matched(match: RegExp, text: string): string {
  const found = match.exec(text);
  return found === null ? '' : (found.groups?.person ?? found[1] ?? found[0]);
}

function split(text: string): string[] {
  return text
    .split(BETWEEN_NAMES)
    .map((name) => name.replace(/^[\s"'([{<]+|[\s"')\]}>]+$/gu, ''))
    .filter((name) => /[\p{L}\p{N}]/u.test(name) && !NOBODY.test(name));
}

/** The longest front (or back) part up to a separator, or up to a duty word, that most summaries share. */
function commonPart(summaries: readonly string[], side: 'front' | 'back'): string {
  const named = summaries.filter((summary) => summary !== '');
  const counts = new Map<string, number>();
  for (const summary of named) {
    for (const part of partsOf(summary, side)) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  let best = '';
  for (const [part, count] of counts) {
    if (count >= named.length * COMMON_SHARE && part.length > best.length) best = part;
  }
  return best;
}

function partsOf(summary: string, side: 'front' | 'back'): string[] {
  const parts: string[] = [];
  for (const found of summary.matchAll(SEPARATOR)) {
    const end = found.index + found[0].length;
    parts.push(side === 'front' ? summary.slice(0, end) : summary.slice(found.index));
  }
  const duty = DUTY_WORDS.exec(summary);
  if (duty !== null && side === 'front' && /\s$/.test(duty[0])) {
    parts.push(summary.slice(0, duty.index + duty[0].length));
  }
  if (duty !== null && side === 'back') {
    const before = /[\s(]+$/.exec(summary.slice(0, duty.index));
    if (before !== null) parts.push(summary.slice(before.index));
  }
  const some = side === 'front' ? parts.slice(0, MAX_PARTS) : parts.slice(-MAX_PARTS);
  return some.filter((part) => part.length < summary.length);
}

/** Names that differ only in case or in the form of their characters are one person. */
function keyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** A new id for a name: plain letters, digits and dashes; numbered when another name already gave the same. */
function newId(name: string, taken: Set<string>): string {
  const slug = slugOf(name.replace(/@.*$/, '')) || 'person';
  let id = slug;
  for (let number = 2; taken.has(id); number += 1) id = `${slug}-${number}`;
  taken.add(id);
  return id;
}

/** `Zoë Šimůnková` → `zoe-simunkova`; empty when nothing of the name can be written in plain letters. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/[æœ]/g, (both) => (both === 'æ' ? 'ae' : 'oe'))
    .replace(/ł/g, 'l')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, ID_MAX_CHARACTERS)
    .replace(/^-+|-+$/g, '');
}
