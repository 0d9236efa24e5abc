/** A promise that was not settled in time. What it was waiting for may still happen. */
export class TimeLimitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TimeLimitError';
  }
}

/** The result of `work`, or a {@link TimeLimitError} with `message` after `limitMs`. Leaves no timer and no unhandled rejection. */
export async function withinTime<T>(work: Promise<T>, limitMs: number, message: string): Promise<T> {
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeLimitError(message)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
