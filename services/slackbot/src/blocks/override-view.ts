import type { KnownBlock, ModalView } from '@slack/types';
import type { Instant, Override, ZoneName } from '@watchbill/core';
import { context, option } from './elements.ts';
import type { NamedId } from './people.ts';
import { escapeText } from './text.ts';
import { input, menu, modal, momentInput, textInput } from './view-elements.ts';

export type OverrideKind = Override['kind'];

export const OVERRIDE_VIEW = 'override_submit';
/** Action ids of the inputs on which others hang. */
export const OVERRIDE_ACTIONS = { schedule: 'override_schedule', kind: 'override_kind' } as const;
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
  readonly people: readonly NamedId[];
  readonly kind: OverrideKind;
  readonly role: string | null;
  readonly person: string | null;
  readonly replaces: string | null;
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly reason: string;
}

const KINDS: Readonly<Record<OverrideKind, string>> = {
  replace: 'Somebody takes a place',
  add: 'Somebody stands beside whoever is on call',
  remove: 'Somebody is taken off',
};

export function isOverrideKind(value: string | null): value is OverrideKind {
  return value !== null && value in KINDS;
}

/**
 * The modal in which managers say who is on call, whatever the rotations say. Where a schedule has several roles, none
 * is picked beforehand.
 */
export function overrideView(scene: OverrideScene): ModalView {
  const { schedule, kind, zone, roles, schedules } = scene;
  const at = (name: string) => `${name}.${schedule}`;
  const blocks: KnownBlock[] = [
    input(
      { id: 'schedule', label: 'Schedule', tells: true },
      menu(
        schedules.map((id) => option(id, id)),
        schedule,
        OVERRIDE_ACTIONS.schedule,
      ),
    ),
    input(
      { id: 'kind', label: 'What changes?', tells: true },
      menu(
        (Object.keys(KINDS) as OverrideKind[]).map((each) => option(KINDS[each], each)),
        kind,
        OVERRIDE_ACTIONS.kind,
      ),
    ),
    input(
      { id: at('role'), label: 'Role' },
      menu(
        roles.map((role) => option(role, role)),
        scene.role ?? (roles.length === 1 ? roles[0] : null),
      ),
    ),
    ...personBlocks(scene),
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

const WHO: Readonly<Record<OverrideKind, string>> = {
  replace: 'Who is on call',
  add: 'Who stands beside them',
  remove: 'Who is taken off',
};

/** Who, and, for somebody who takes a place, whose. */
function personBlocks({ schedule, kind, people, person, replaces }: OverrideScene): KnownBlock[] {
  const persons = people.map(({ id, name }) => option(name, `p:${id}`, id === name ? undefined : id));
  const value = (id: string | null) => (id === null ? null : `p:${id}`);
  const nobody = option('Nobody: leave the place empty', VACANT);
  // A menu needs an option; whom to add, the command asks for then.
  const who = kind === 'replace' || persons.length === 0 ? [nobody, ...persons.slice(0, 99)] : persons;
  const everybody = option('Everybody in that role', ALL_OF_ROLE);
  return [
    input({ id: `person.${kind}.${schedule}`, label: WHO[kind] }, menu(who, value(person))),
    ...(kind === 'replace'
      ? [
          input(
            { id: `replaces.${schedule}`, label: 'Instead of' },
            menu([everybody, ...persons.slice(0, 99)], value(replaces) ?? ALL_OF_ROLE),
          ),
        ]
      : []),
  ];
}
