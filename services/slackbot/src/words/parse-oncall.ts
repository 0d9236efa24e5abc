import { nearest } from '@watchbill/core';
import type { OncallVerb, OncallWish, ParsedOncall } from './oncall-wish.ts';
import {
  parseAbsence,
  parseChange,
  parseOverride,
  parsePage,
  parseSnooze,
  parseTake,
} from './parse-changes.ts';
import { readMoment } from './read-moment.ts';
import { isSaid } from './time-reading.ts';
import { type Token, tokensOf } from './tokens.ts';
import { VERB_NAMES, verbOf } from './verbs.ts';
import { pageOf, type Said, scheduleOf, shown, unknownSchedule, type Vocabulary } from './vocabulary.ts';

const FILLERS = new Set([
  'is',
  'on',
  'oncall',
  'on-call',
  'call',
  'the',
  'for',
  'in',
  'shifts',
  'please',
  'of',
]);
const MAX_DAYS = 92;

/** What somebody wants who typed this after `/oncall`. Nothing: who is on call. */
export function parseOncall(text: string, vocabulary: Vocabulary): ParsedOncall {
  const tokens = tokensOf(text);
  const [first] = tokens;
  if (first === undefined) return { ok: true, wish: { do: 'who', schedule: null, at: null } };
  const verb = verbOf(first.word);
  const verbWord = first.word;
  if (verb === undefined) return parseUnknown(first, { text, verbWord, tokens, vocabulary });
  const backWord = verb === 'take' && tokens[1]?.word === 'back';
  const rest = tokens.slice(backWord ? 2 : 1);
  return parseVerb(backWord ? 'take-back' : verb, { text, verbWord, tokens: rest, vocabulary });
}

function parseVerb(verb: OncallVerb, said: Said): ParsedOncall {
  switch (verb) {
    case 'who':
      return parseWho(said);
    case 'schedule':
      return parseSchedule(said);
    case 'cover':
    case 'swap':
      return parseChange(verb, said);
    case 'take':
      return parseTake(said);
    case 'override':
      return parseOverride(said);
    case 'off':
      return parseAbsence(said);
    case 'page':
      return parsePage(said);
    case 'ack':
    case 'resolve':
    case 'escalate':
      return parsePageAct(verb, said);
    case 'snooze':
      return parseSnooze(said);
    case 'link':
    case 'fairness':
      return parseNamed(verb, said);
    case 'connect':
      return wish({ do: verb, code: said.tokens.map(({ text }) => text).join('') || null });
    case 'help':
      return wish({ do: verb, about: verbOf(said.tokens[0]?.word ?? '') ?? null });
    case 'me':
    case 'take-back':
    case 'unlink':
    case 'disconnect':
      return wish({ do: verb });
  }
}

function wish(value: OncallWish): ParsedOncall {
  return { ok: true, wish: value };
}

/** The name of a schedule alone, or a time alone, asks who is on call there or then. */
function parseUnknown(first: Token, said: Said): ParsedOncall {
  if (scheduleOf(first, said.vocabulary) !== null) return parseWho(said);
  const { schedules, ...reader } = said.vocabulary;
  const moment = readMoment(said.tokens, 0, { reader, edge: 'start', notBefore: reader.now });
  if (moment !== null && !isSaid(moment)) return parseWho(said);
  const near = nearest(first.word, [...VERB_NAMES, ...schedules]);
  if (near === null) {
    return {
      ok: false,
      about: null,
      said: `I do not know "${shown(first.text)}". Here is what I understand.`,
    };
  }
  const rest = said.tokens.slice(1).map(({ text }) => text);
  const better = ['/oncall', near, ...rest].join(' ');
  return {
    ok: false,
    about: verbOf(near) ?? null,
    said: `I do not know "${shown(first.text)}". Did you mean \`${shown(better)}\`?`,
  };
}

/** `who`, `who payments`, `who at tomorrow 9am`, `who is on call for payments on monday`. */
function parseWho({ tokens, vocabulary }: Said): ParsedOncall {
  let schedule: string | null = null;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const named = scheduleOf(token, vocabulary);
    if (schedule === null && named !== null) {
      schedule = named;
      continue;
    }
    const from = token.word === 'at' || token.word === 'on' ? at + 1 : at;
    const moment = readMoment(tokens, from, {
      reader: vocabulary,
      edge: 'start',
      notBefore: vocabulary.now,
    });
    if (isSaid(moment)) return { ok: false, about: 'who', said: moment.said };
    if (moment !== null) {
      const behind = scheduleOf(tokens[moment.next], vocabulary) ?? afterFor(tokens, moment.next, vocabulary);
      return wish({ do: 'who', schedule: schedule ?? behind, at: moment.value });
    }
    if (token.word === 'at') {
      const what = tokens[from]?.text ?? '';
      const said = `I cannot read the time "${shown(what)}". Write for example \`/oncall who at tomorrow 9am\`.`;
      return { ok: false, about: 'who', said };
    }
    if (!FILLERS.has(token.word)) return unknownSchedule(token, 'who', vocabulary);
  }
  return wish({ do: 'who', schedule, at: null });
}

function afterFor(tokens: readonly Token[], at: number, vocabulary: Vocabulary): string | null {
  return tokens[at]?.word === 'for' ? scheduleOf(tokens[at + 1], vocabulary) : null;
}

/** `schedule`, `schedule 14`, `schedule payments 2 weeks`. */
function parseSchedule({ tokens, vocabulary }: Said): ParsedOncall {
  let schedule: string | null = null;
  let days: number | null = null;
  for (const [at, token] of tokens.entries()) {
    const named = scheduleOf(token, vocabulary);
    const count = /^(-?\d{1,9})(d|days?|w|weeks?)?$/.exec(token.word);
    if (named !== null) schedule ??= named;
    else if (count !== null) {
      const weeks = (count[2] ?? tokens[at + 1]?.word ?? '').startsWith('w');
      days = Number(count[1]) * (weeks ? 7 : 1);
    } else if (!FILLERS.has(token.word) && !/^(days?|weeks?|next)$/.test(token.word)) {
      return unknownSchedule(token, 'schedule', vocabulary);
    }
  }
  if (days !== null && (days < 1 || days > MAX_DAYS)) {
    return { ok: false, about: 'schedule', said: `I can show 1 to ${MAX_DAYS} days.` };
  }
  return wish({ do: 'schedule', schedule, days });
}

function parseNamed(verb: 'link' | 'fairness', { tokens, vocabulary }: Said): ParsedOncall {
  const token = tokens.find(({ word }) => !FILLERS.has(word) && word !== 'to' && word !== 'schedule');
  if (token === undefined) return wish({ do: verb, schedule: null });
  const schedule = scheduleOf(token, vocabulary);
  return schedule === null ? unknownSchedule(token, verb, vocabulary) : wish({ do: verb, schedule });
}

/** `ack`, `ack 42`, `ack #42`, `ack page 42`. */
function parsePageAct(verb: 'ack' | 'resolve' | 'escalate', { tokens }: Said): ParsedOncall {
  const token = tokens.find(({ word }) => word !== 'page' && !FILLERS.has(word));
  if (token === undefined) return wish({ do: verb, page: null });
  const page = pageOf(token);
  if (page !== null) return wish({ do: verb, page });
  return {
    ok: false,
    about: verb,
    said: `"${shown(token.text)}" is no number of a page. Write \`/oncall ${verb} 42\`.`,
  };
}
