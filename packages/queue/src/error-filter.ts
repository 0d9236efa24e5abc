const QUIET_MS = 60_000;
const MAX_REMEMBERED = 200;

/**
 * Passes an error on, but the same message at most once a minute: while a backend is away its drivers repeat
 * themselves several times a second. `nowMs` is any clock that only grows.
 */
export function filterErrors(
  onError: (error: Error) => void,
  nowMs: () => number = () => performance.now(),
): (error: Error) => void {
  const toldAt = new Map<string, number>();
  return (error) => {
    const now = nowMs();
    const last = toldAt.get(error.message);
    if (last !== undefined && now - last < QUIET_MS) return;
    if (toldAt.size >= MAX_REMEMBERED) toldAt.clear();
    toldAt.set(error.message, now);
    onError(error);
  };
}
