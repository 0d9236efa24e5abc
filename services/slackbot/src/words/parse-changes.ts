import type {
  AudienceWord,
  OncallVerb,
  OncallWish,
  OverrideKind,
  ParsedOncall,
  PersonWord,
} from './oncall-wish.ts';
import { after, readDuration } from './read-duration.ts';
import { readMoment } from './read-moment.ts';
import { readSpan, type Span } from './read-span.ts';
import { isSaid, type Read } from './time-reading.ts';
import { restFrom, type Token } from './tokens.ts';
import { pageOf, type Said, scheduleOf, shown } from './vocabulary.ts';

const REASON_WORDS = new Set(['because', 'reason', 'reason:', 'because:', ':']);
const FILLERS = new Set([
  ...[
    'my',
    'me',
    'the',
    'a',
    'shift',
    'shifts',
    'on',
    'to',
    'by',
    'with',
    'over',
    'of',
    'is',
    'i',
    'am',
    "i'm",
  ],
  ...['for', 'please', 'and', 'will', 'be', 'from', 'as', 'instead', 'in'],
]);
const AUDIENCES: ReadonlyMap<string, AudienceWord> = new Map<string, AudienceWord>([
  ...['anyone', 'anybody', 'everyone', 'everybody', 'whoever', 'eligible', 'someone', 'somebody'].map(
    (word) => [word, { kind: 'eligible' }] as const,
  ),
  ['team', { kind: 'team' }],
]);
const KINDS_OF_ABSENCE = new Set(['sick', 'leave', 'vacation', 'pto', 'holiday']);

function wish(value: OncallWish): ParsedOncall {
  return { ok: true, wish: value };
}

function unclear(about: OncallVerb, said: string): ParsedOncall {
  return { ok: false, about, said };
}

/** Somebody picked from Slack's list, or named with an @ by hand. */
function personOf(token: Token | undefined): PersonWord | null {
  if (token === undefined) return null;
  if (token.mention !== null) {
    return token.mention.kind === 'user' ? { kind: 'mention', slackUser: token.mention.id } : null;
  }
  const name = /^@(\S+?)(?:['’]s)?[,;]?$/.exec(token.text)?.[1];
  return name === undefined ? null : { kind: 'name', name };
}

/** The name of a person without an @, where a person must stand. */
function bareName(token: Token | undefined): PersonWord | null {
  if (token === undefined || !/^[\p{L}\p{N}._@-]+$/u.test(token.word)) return null;
  return { kind: 'name', name: token.text.replace(/[,;:]$/, '') };
}

/** A stretch at a token; "for" before something that is no length ("for @benji", "for me") begins none. */
function spanAt({ tokens, vocabulary }: Said, at: number): Read<Span> {
  const word = tokens[at]?.word;
  if (word === 'for' && readDuration(tokens, at + 1) === null) return null;
  // "from @amara", "on the", "to benji": only what is followed by a time begins one.
  if (word === 'from' || word === 'on' || word === 'at') {
    const reader = { reader: vocabulary, edge: 'start', notBefore: vocabulary.now } as const;
    if (readMoment(tokens, at + 1, reader) === null) return null;
  }
  return readSpan(tokens, at, vocabulary);
}

/** Somebody who was named, and the words around the name: `for @amara`, `@amara's`. */
interface NamedPerson {
  readonly person: PersonWord;
  readonly before: string;
  readonly owns: boolean;
  /** Whether the name is the very first word. */
  readonly first: boolean;
}

interface Walked {
  readonly span: Span | null;
  readonly people: readonly NamedPerson[];
  readonly audience: AudienceWord | null;
  readonly role: string | null;
  readonly reason: string;
}

/** A reason that comes before the person would swallow them. */
function unreadBefore(token: Token): string {
  return `I cannot read "${shown(token.text)}" before the person. Write times such as \`mon 30 nov\` or \`mon 09:00\`, and the reason last, after "because".`;
}

/** Finds times, people and the reason in any order; the reason is all from the first word that is none of these. */
function walk(said: Said): Walked | { readonly said: string } {
  const { tokens, text } = said;
  let span: Span | null = null;
  let audience: AudienceWord | null = null;
  let role: string | null = null;
  const people: NamedPerson[] = [];
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at] as Token;
    if (REASON_WORDS.has(token.word))
      return { span, people, audience, role, reason: restFrom(text, tokens, at + 1) };
    const person = personOf(token);
    const read: Read<Span> = span === null && person === null ? spanAt(said, at) : null;
    if (isSaid(read)) return read;
    if (person !== null) {
      const apart = /^['’]s$/.test(tokens[at + 1]?.text ?? '');
      const owns = apart || /['’]s$/.test(token.text);
      people.push({ person, before: tokens[at - 1]?.word ?? '', owns, first: at === 0 });
      if (apart) at += 1;
    } else if (read !== null) {
      span = read.value;
      at = read.next;
      continue;
    } else if (AUDIENCES.has(token.word)) audience = AUDIENCES.get(token.word) ?? null;
    else if (token.word === 'as' && tokens[at + 1] !== undefined) {
      role = tokens[at + 1]?.word ?? null;
      at += 1;
    } else if (token.word !== 'replacing' && !FILLERS.has(token.word)) {
      const behind = tokens.slice(at + 1).find(({ mention }) => mention?.kind === 'user');
      if (people.length === 0 && audience === null && behind !== undefined) {
        return { said: unreadBefore(token) };
      }
      return { span, people, audience, role, reason: restFrom(text, tokens, at) };
    }
    at += 1;
  }
  return { span, people, audience, role, reason: '' };
}

/**
 * `cover tomorrow @benji because dentist`, `swap sat with @benji`, `cover this weekend anyone`, and for somebody else
 * `cover for @amara tomorrow @benji`, `cover @amara's shift on friday anyone`.
 */
export function parseChange(verb: 'cover' | 'swap', said: Said): ParsedOncall {
  const found = walk(said);
  if ('said' in found) return unclear(verb, found.said);
  const { span, reason } = found;
  const sides = sidesOf(found);
  if (sides !== null) return wish({ do: verb, span, ...sides, reason });
  return unclear(
    verb,
    `Ask one person, or "anyone" for everybody who could do it. For somebody else, say whose shift it is: \`/oncall ${verb} for @amara tomorrow @benji\`.`,
  );
}

/** Whose shift it is and who is asked; null where more are named than that. Without "for", the first of two owns it. */
function sidesOf({ people, audience }: Walked): {
  readonly whose: PersonWord | null;
  readonly to: AudienceWord | null;
} | null {
  const owners = people.filter(({ before, owns }) => owns || before === 'for' || before === 'of');
  const others = people.filter((each) => !owners.includes(each));
  const [owner] = owners;
  const [first, second] = others;
  if (people.length > 2 || owners.length > 1) return null;
  if (owner !== undefined) return { whose: owner.person, to: first?.person ?? audience };
  if (second !== undefined) return { whose: first?.person ?? null, to: second.person };
  if (first?.first === true && audience?.kind === 'eligible') return { whose: first.person, to: audience };
  return { whose: null, to: first?.person ?? audience };
}

/** `take @benji`, `take over @benji until 18:00`, `take benji for 2h`. */
export function parseTake(said: Said): ParsedOncall {
  const { tokens, vocabulary } = said;
  let person: PersonWord | null = null;
  let at = 0;
  for (; at < tokens.length && person === null; at += 1) {
    const token = tokens[at];
    if (token !== undefined && FILLERS.has(token.word)) continue;
    if (token?.word === 'until' || token?.word === 'till') break;
    person = personOf(token) ?? bareName(token);
  }
  while (FILLERS.has(tokens[at]?.word ?? '') && tokens[at]?.word !== 'for') at += 1;
  if (at >= tokens.length) return wish({ do: 'take', person, until: null, notes: [] });
  const read = readSpan(tokens, at, vocabulary);
  if (isSaid(read)) return unclear('take', read.said);
  const word = tokens[at]?.word ?? '';
  if (
    read === null ||
    read.value.start > vocabulary.now ||
    (word !== 'for' && !/^(until|til|till)$/.test(word))
  ) {
    return unclear(
      'take',
      'I take shifts over from now on. Write for example `/oncall take @benji until 18:00`.',
    );
  }
  return wish({ do: 'take', person, until: read.value.end, notes: read.value.notes });
}

const OVERRIDE_KINDS: ReadonlyMap<string, OverrideKind> = new Map([
  ['replace', 'replace'],
  ['put', 'replace'],
  ['add', 'add'],
  ['also', 'add'],
  ['remove', 'remove'],
  ['drop', 'remove'],
]);

/** The words before the first person or time: what kind of override, and on which schedule. */
function overrideLead({ tokens, vocabulary }: Said): {
  readonly kind: OverrideKind;
  readonly schedule: string | null;
  readonly words: number;
} {
  let kind: OverrideKind | undefined;
  let schedule: string | null = null;
  let words = 0;
  for (const token of tokens) {
    const named: string | null = schedule === null ? scheduleOf(token, vocabulary) : null;
    const meant = kind === undefined ? OVERRIDE_KINDS.get(token.word) : undefined;
    if (named !== null) schedule = named;
    else if (meant !== undefined) kind = meant;
    else break;
    words += 1;
  }
  return { kind: kind ?? 'replace', schedule, words };
}

/**
 * `override @benji from mon 09:00 to fri 17:00 replacing @amara as secondary because training`, `override payments add
 * @benji tomorrow`, `override remove @amara tomorrow`.
 */
export function parseOverride(said: Said): ParsedOncall {
  const { kind, schedule, words } = overrideLead(said);
  const found = walk({ ...said, tokens: said.tokens.slice(words) });
  if ('said' in found) return unclear('override', found.said);
  const { span, people, role, reason } = found;
  const isReplaced = ({ before }: { readonly before: string }) =>
    before === 'replacing' || before === 'for' || before === 'of';
  const replaces = people.find(isReplaced)?.person ?? null;
  const person = people.find((each) => !isReplaced(each))?.person ?? null;
  if (
    people.length > (replaces === null ? 1 : 2) ||
    (replaces !== null && people.filter(isReplaced).length > 1)
  ) {
    return unclear(
      'override',
      'Name one person who takes over, and after "replacing" whose place they take.',
    );
  }
  if (replaces !== null && kind !== 'replace') {
    return unclear(
      'override',
      `Only somebody who takes a place can be "replacing" somebody. Leave one of the two words out.`,
    );
  }
  return wish({ do: 'override', kind, schedule, person, span, replaces, role, reason });
}

/** `off from 2026-12-21 to 2027-01-03 family`, `off sick today`, `vacation next week`. */
export function parseAbsence(said: Said): ParsedOncall {
  const { text, tokens, verbWord } = said;
  const kind = KINDS_OF_ABSENCE.has(verbWord) ? verbWord : '';
  const before: string[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    if (REASON_WORDS.has(token.word)) break;
    const read = spanAt(said, at);
    if (isSaid(read)) return unclear('off', read.said);
    if (read !== null) {
      const behind = tokens[read.next];
      const from = REASON_WORDS.has(behind?.word ?? '') ? read.next + 1 : read.next;
      const reason = [...before, restFrom(text, tokens, from)].filter((part) => part !== '').join(' ');
      return wish({ do: 'off', span: read.value, reason: reason || kind });
    }
    if (!FILLERS.has(token.word)) before.push(token.text);
  }
  const [first] = tokens;
  const from = first !== undefined && REASON_WORDS.has(first.word) ? 1 : 0;
  return wish({ do: 'off', span: null, reason: restFrom(text, tokens, from) || kind });
}

/** `page payments the database is down`, `page the database is down`. */
export function parsePage({ text, tokens, vocabulary }: Said): ParsedOncall {
  const schedule = scheduleOf(tokens[0], vocabulary);
  return wish({ do: 'page', schedule, message: restFrom(text, tokens, schedule === null ? 0 : 1) });
}

/** `snooze`, `snooze 30m`, `snooze #42 2h`, `snooze until 18:00`. */
export function parseSnooze({ tokens, vocabulary }: Said): ParsedOncall {
  const first = tokens[0]?.word === 'page' ? 1 : 0;
  const token = tokens[first];
  const bareNumber = /^\d+$/.test(token?.word ?? '') && readDuration(tokens, first) === null;
  if (bareNumber && tokens.length === first + 1) {
    return unclear(
      'snooze',
      `Write \`snooze ${token?.word}m\` for minutes, or \`snooze #${token?.word} 30m\` for that page.`,
    );
  }
  const numbered = token !== undefined && (bareNumber || /^(#|pag_)/.test(token.text));
  const page = numbered ? pageOf(token) : null;
  const at = page === null ? first : first + 1;
  if (tokens[at] === undefined) return wish({ do: 'snooze', page, until: null });
  const reader = { now: vocabulary.realNow, zone: vocabulary.zone };
  const length = readDuration(tokens, tokens[at]?.word === 'for' ? at + 1 : at);
  if (isSaid(length)) return unclear('snooze', length.said);
  if (length !== null)
    return wish({ do: 'snooze', page, until: after(reader.now, length.value, reader.zone) });
  const from = tokens[at]?.word === 'until' || tokens[at]?.word === 'till' ? at + 1 : at;
  const moment = readMoment(tokens, from, { reader, edge: 'end', notBefore: reader.now });
  if (isSaid(moment)) return unclear('snooze', moment.said);
  if (moment === null) {
    const what = shown(tokens[at]?.text ?? '');
    return unclear(
      'snooze',
      `I cannot read "${what}". Write for example \`/oncall snooze 30m\` or \`snooze until 18:00\`.`,
    );
  }
  return wish({ do: 'snooze', page, until: moment.value.at });
}
