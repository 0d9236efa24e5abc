import type { Bar } from './bars.ts';
import { type Day, daysIn, type Window } from './geometry.ts';

export interface AgendaDay {
  readonly day: Day;
  /** What begins on the day; on the first day also what began before and goes on. */
  readonly bars: readonly Bar[];
}

/** The bars of a window by the local day on which they begin; days on which nothing begins are left out. */
export function agendaOf(bars: readonly Bar[], window: Window, zone: string): readonly AgendaDay[] {
  const days = daysIn(window, zone);
  const agenda: AgendaDay[] = [];
  let at = 0;
  const inside = bars.filter((bar) => bar.end > window.from && bar.start < window.to);
  for (const day of days) {
    const from = at;
    while (at < inside.length && (inside[at] as Bar).start < day.end) at += 1;
    if (at > from) agenda.push({ day, bars: inside.slice(from, at) });
  }
  return agenda;
}
