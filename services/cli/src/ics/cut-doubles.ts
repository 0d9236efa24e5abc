import { LIMITS } from '@watchbill/core';
import { BadInput } from '../input/bad-input.ts';
import type { CalendarTurn } from './lay-turns.ts';

/**
 * Cuts turns in which somebody is on call twice at once: where two turns of a person overlap, the one that
 * begins later keeps the stretch, so that every turn still begins when the calendar says. Who is on call when
 * stays the same. Takes turns sorted by start and end; returns them sorted again, and how many were cut.
 */
export function cutDoubles(turns: readonly CalendarTurn[]): { turns: CalendarTurn[]; cut: number } {
  const done: CalendarTurn[] = [];
  let active: CalendarTurn[] = [];
  let cut = 0;
  for (const turn of turns) {
    const running: CalendarTurn[] = [];
    for (const before of active) {
      if (before.end <= turn.start) done.push(before);
      else if (clashes(before, turn)) {
        cut += 1;
        for (const piece of without(before, turn)) (piece.end <= turn.start ? done : running).push(piece);
      } else running.push(before);
    }
    if (running.length >= LIMITS.rotationsPerSchedule) {
      throw new BadInput(
        `more than ${LIMITS.rotationsPerSchedule} events of the calendar overlap. ` +
          'Is it an on-call calendar? Export only the calendar of one schedule.',
      );
    }
    running.push(turn);
    active = running;
  }
  const all = [...done, ...active].sort((a, b) => a.start - b.start || a.end - b.end);
  return { turns: all, cut };
}

/** Whether somebody is in both while both run; a piece left of an earlier turn may begin after this one ends. */
function clashes(before: CalendarTurn, turn: CalendarTurn): boolean {
  return before.start < turn.end && before.people.some((person) => turn.people.includes(person));
}

/** What is left of a turn when the people of a later one are taken out for its time. */
function without(before: CalendarTurn, later: CalendarTurn): CalendarTurn[] {
  const others = before.people.filter((person) => !later.people.includes(person));
  const pieces = [
    { start: before.start, end: later.start, people: before.people },
    { start: Math.max(before.start, later.start), end: Math.min(before.end, later.end), people: others },
    { start: later.end, end: before.end, people: before.people },
  ];
  return pieces.filter((piece) => piece.start < piece.end && piece.people.length > 0);
}
