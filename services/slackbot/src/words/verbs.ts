import type { OncallVerb } from './oncall-wish.ts';

/** The verbs in the order in which help shows them, with the other words that people use for them. */
const VERB_WORDS: Readonly<Record<OncallVerb, readonly string[]>> = {
  who: ['who', 'now', "who's", 'whos', 'current'],
  me: ['me', 'my', 'mine', 'shifts'],
  schedule: ['schedule', 'sched', 'calendar', 'upcoming'],
  cover: ['cover', 'giveaway', 'handover'],
  swap: ['swap', 'exchange', 'switch'],
  take: ['take', 'takeover'],
  'take-back': ['take-back', 'takeback', 'giveback', 'give-back'],
  override: ['override'],
  off: ['off', 'away', 'absent', 'absence', 'leave', 'vacation', 'pto', 'holiday', 'sick'],
  page: ['page', 'alert', 'call'],
  ack: ['ack', 'acknowledge', 'acknowledged'],
  resolve: ['resolve', 'resolved', 'close', 'done'],
  escalate: ['escalate', 'esc'],
  snooze: ['snooze', 'mute'],
  link: ['link', 'settings'],
  unlink: ['unlink'],
  fairness: ['fairness', 'fair', 'burden', 'load'],
  connect: ['connect', 'login'],
  disconnect: ['disconnect', 'logout'],
  help: ['help', '?', 'commands', 'usage', '-h', '--help'],
};

const BY_WORD: ReadonlyMap<string, OncallVerb> = new Map(
  (Object.keys(VERB_WORDS) as OncallVerb[]).flatMap((verb) =>
    VERB_WORDS[verb].map((word) => [word, verb] as const),
  ),
);

/** The first word of each verb, for suggestions. */
export const VERB_NAMES: readonly string[] = Object.values(VERB_WORDS).flatMap((words) => words.slice(0, 1));

/** What a first word asks for; undefined when it is none of our words. */
export function verbOf(word: string): OncallVerb | undefined {
  return BY_WORD.get(word);
}
