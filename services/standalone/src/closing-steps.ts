import type { ShutdownStep } from '@watchbill/runtime';

/**
 * What is closed in which order, first to last: what makes work, then what does it (it finishes its job), then the
 * queues, the connections, and the database itself at the very end.
 */
const ORDER = [
  'api',
  'slackbot',
  'scheduler',
  'worker',
  'demonstration',
  'queues',
  'pool',
  'postgres',
  'log',
  'lock',
] as const;
export type ClosingStage = (typeof ORDER)[number];

/** Collects what was opened; `steps` has it in the order of closing, whatever the order of opening. */
export interface Closing {
  add(stage: ClosingStage, run: () => Promise<void>, limitMs?: number): void;
  steps(): ShutdownStep[];
}

export function collectClosing(): Closing {
  const opened: (ShutdownStep & { readonly name: ClosingStage })[] = [];
  return {
    add: (name, run, limitMs) =>
      void opened.push({ name, run, ...(limitMs === undefined ? {} : { limitMs }) }),
    steps: () => [...opened].sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name)),
  };
}
