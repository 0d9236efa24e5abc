const SECOND_MS = 1_000;
const DAY_MS = 24 * 3_600 * SECOND_MS;

/** The most of everything that a page may hold. */
export const PAGE_LIMITS = {
  summaryLength: 1_024,
  dedupKeyLength: 255,
  sourceLength: 255,
  /** Of the details as JSON, in bytes. */
  detailsBytes: 16 * 1_024,
  links: 10,
  linkHrefLength: 2_000,
  linkTextLength: 200,
  noteLength: 2_000,
  notes: 500,
  /** A snooze ends so far ahead at most. */
  snoozeMs: 30 * DAY_MS,
} as const;

/**
 * New pages of one sender for one policy in a minute that call on their own. What comes on top is a storm: one page
 * for each severity stands for it and counts, so that nobody is called a thousand times for one outage.
 */
export const STORM_PAGES_PER_MINUTE = 100;
export const STORM_WINDOW_MS = 60 * SECOND_MS;
/** Signals of a storm that are remembered by their keys; the rest is only counted. */
export const STORM_KEYS_KEPT = 1_000;

/** The same request so shortly after the first is a second click, and does not act again. */
export const SECOND_CLICK_MS = 5 * SECOND_MS;

/** A page or a notification that is due is woken again this soon: somebody may be asleep, and nobody told. */
export const PAGE_WAKE_AGAIN_MS = 5 * SECOND_MS;
