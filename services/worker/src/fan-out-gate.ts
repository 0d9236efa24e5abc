/**
 * Gathers the events that come while a fan-out runs and hands them to the next one together: one fan-out of a process
 * at a time, however many jobs wait. Each call resolves or rejects with the run that its events were part of.
 */
export function createFanOutGate(
  run: (events: readonly string[]) => Promise<void>,
): (events: readonly string[]) => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: { readonly events: string[]; readonly done: Promise<void> } | null = null;
  return (events) => {
    if (next === null) {
      const gathered: string[] = [];
      const done = running
        .catch(() => undefined)
        .then(() => {
          next = null;
          return run(gathered);
        });
      running = done;
      next = { events: gathered, done };
    }
    next.events.push(...events);
    return next.done;
  };
}
