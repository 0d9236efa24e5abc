import type { KnownBlock, ModalView } from '@slack/types';
import type { Instant, ZoneName } from '@watchbill/core';
import { context, option } from './elements.ts';
import { escapeText } from './text.ts';
import { input, menu, modal, momentInput, textInput } from './view-elements.ts';

export const OVERRIDE_VIEW = 'override_submit';
export const OVERRIDE_SCHEDULE = 'override_schedule';
/** The value of "everybody in the role". */
export const ALL_OF_ROLE = 'all';
/** The value of "nobody". */
export const VACANT = 'nobody';

export interface OverrideScene {
  readonly schedules: readonly string[];
  readonly schedule: string;
  readonly zone: ZoneName;
  readonly roles: readonly string[];
  /** People who may be put on call, by id with their names. */
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly role: string | null;
  readonly person: string | null;
  readonly replaces: string | null;
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly reason: string;
}

/** The modal in which managers say who is on call, whatever the rotations say. */
export function overrideView(scene: OverrideScene): ModalView {
  const { schedule, zone, roles, people, schedules } = scene;
  const at = (name: string) => `${name}.${schedule}`;
  const persons = people.map(({ id, name }) => option(name, `p:${id}`, id === name ? undefined : id));
  const value = (person: string | null) => (person === null ? null : `p:${person}`);
  const blocks: KnownBlock[] = [
    input(
      { id: 'schedule', label: 'Schedule', tells: true },
      menu(
        schedules.map((id) => option(id, id)),
        schedule,
        OVERRIDE_SCHEDULE,
      ),
    ),
    input(
      { id: at('role'), label: 'Role' },
      menu(
        roles.map((role) => option(role, role)),
        scene.role ?? roles[0],
      ),
    ),
    input(
      { id: at('person'), label: 'Who is on call' },
      menu([option('Nobody: leave the place empty', VACANT), ...persons.slice(0, 99)], value(scene.person)),
    ),
    input(
      { id: at('replaces'), label: 'Instead of' },
      menu(
        [option('Everybody in that role', ALL_OF_ROLE), ...persons.slice(0, 99)],
        value(scene.replaces) ?? ALL_OF_ROLE,
      ),
    ),
    input({ id: at('from'), label: 'From' }, momentInput(scene.start)),
    input({ id: at('until'), label: 'Until' }, momentInput(scene.end)),
    input(
      { id: 'reason', label: 'Reason', optional: true },
      textInput({ initial: scene.reason, most: 500, example: 'Training' }),
    ),
    context(`Times are in your own time zone here; the schedule’s is ${escapeText(zone)}.`),
  ];
  return modal({ callback: OVERRIDE_VIEW, title: 'Override', submit: 'Override', blocks });
}
