import { useEffect, useState } from 'react';

/**
 * The instant by the server's clock, a step at a time. `at` is what the server last said, so that a wrong clock of
 * this machine moves nothing.
 */
export function useNow(at: string | undefined, everyMs = 30_000): number {
  const [heard, setHeard] = useState(() => ({ at: Date.now(), mine: Date.now() }));
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (at === undefined) return;
    setHeard({ at: Date.parse(at), mine: Date.now() });
    setNow(Date.parse(at));
  }, [at]);
  useEffect(() => {
    const timer = setInterval(() => setNow(heard.at + (Date.now() - heard.mine)), everyMs);
    return () => clearInterval(timer);
  }, [heard, everyMs]);
  return now;
}
