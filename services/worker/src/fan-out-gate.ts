/**
 * Gathers the events that come while a fan-out runs and hands them to the next one together: one fan-out of a process
 * at a time, however many jobs wait. Each call resolves or rejects with the run that its event was part of.
 */
export function createFanOutGate(
  run: (events: readonly string[]) => Promise<void>,
): (event: string) => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: { readonly events: string[]; readonly done: Promise<void> } | null = null;
  return (event) => {
    if (next === null) {
      const events: string[] = [];
      const done = running
        .catch(() => undefined)
        .then(() => {
          next = null;
          return run(events);
        });
      running = done;
      next = { events, done };
    }
    next.events.push(event);
    return next.done;
  };
}
