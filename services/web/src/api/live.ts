import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

interface Note {
  readonly position: number;
  readonly type: string;
  readonly schedule: string | null;
}

/** At most one look at what changed in this time: a herd of handoffs is one look. */
const GATHER_MS = 400;

/** Follows what happens, and asks again for what it touches. The pages also ask by themselves, slowly. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource('/v1/live');
    let touched = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      const keys = touched;
      touched = new Set();
      if (keys.has('*')) return void client.invalidateQueries();
      for (const key of keys) void client.invalidateQueries({ queryKey: key.split(' ') });
      void client.invalidateQueries({ queryKey: ['on-call'] });
    };
    const touch = (key: string) => {
      touched.add(key);
      timer ??= setTimeout(look, GATHER_MS);
    };
    source.addEventListener('missed', () => touch('*'));
    source.addEventListener('happened', (message) => {
      for (const { type, schedule } of JSON.parse(message.data) as Note[]) {
        const family = type.slice(0, type.indexOf('.'));
        if (family === 'page') touch('pages');
        else if (family === 'swap') touch('swaps');
        else if (family === 'absence') touch('people');
        if (schedule !== null) touch(`schedules ${schedule}`);
        if (type === 'schedule.published' || type === 'schedule.retired') touch('schedules');
      }
    });
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [client]);
}
