/**
 * What messages that outlive a click are about. `swap`: a request, for one side of it. `swap_note`: what happened to
 * it, in its thread. `page`, `page_log`: the same for pages; `page_again` calls once more where the page stands
 * already. `shift_post`: a handoff. `reminder`: before a shift.
 * `shift_moved`: what changed of somebody's future shifts. `gap_notice`: hours with nobody on call. `sync_problem`:
 * why a user group or a topic is not what it should be.
 */
export const MESSAGE_KINDS = [
  'swap',
  'swap_note',
  'page',
  'page_log',
  'page_again',
  'shift_post',
  'reminder',
  'shift_moved',
  'gap_notice',
  'sync_problem',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
