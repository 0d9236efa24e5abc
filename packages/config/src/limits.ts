/*
 * Limits of one file, so that no input can take the process's memory or time. How many people, rotations and
 * the like a configuration may hold is core's to say: see LIMITS there.
 */

/** The longest text read, in characters. */
export const MAX_TEXT_LENGTH = 1_000_000;
/** The deepest nesting of lists and maps. */
export const MAX_NESTING_DEPTH = 32;
/**
 * The most lexical pieces (words, brackets, spaces, line ends) of one text. Text of this many pieces that are all wrong
 * takes some seconds of CPU; a file of 8,000 overrides has as many.
 */
export const MAX_LEXEMES = 400_000;
/** The most values of one file, counted after every alias is replaced by what it stands for. */
export const MAX_VALUES = 200_000;
/** The most aliases (`*name`) of one file. */
export const MAX_ALIASES = 1000;
/** The most errors reported; the rest is counted. */
export const MAX_ERRORS = 200;
/** The most different places whose public holidays one file may use. */
export const MAX_HOLIDAY_PLACES = 40;

export const MAX_ESCALATION_POLICIES = 2000;
export const MAX_ESCALATION_STEPS = 50;
export const MAX_TARGETS = 50;
export const MAX_PREFERENCE_WEIGHT = 10;
