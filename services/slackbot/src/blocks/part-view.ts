import type { KnownBlock, ModalView } from '@slack/types';
import type { Swap, ZoneName } from '@watchbill/core';
import { option, section } from './elements.ts';
import type { OwnShift } from './me-blocks.ts';
import { escapedName, type People } from './people.ts';
import { stretchText } from './swap-blocks.ts';
import { clip, shortSpan } from './text.ts';
import { input, menu, modal, momentInput, outcomeView } from './view-elements.ts';

export const PART_VIEW = 'part_submit';

export interface PartScene {
  readonly swap: Swap;
  readonly people: People;
  readonly zone: ZoneName;
  /** The reader's own coming shifts: what they could give back in an exchange. */
  readonly own: readonly OwnShift[];
}

/** The modal in which somebody who was asked offers a part, or a shift of theirs in return. */
export function partView(scene: PartScene): ModalView {
  const { swap, people, zone, own } = scene;
  const [first] = swap.gives;
  if (first === undefined || (swap.kind === 'exchange' && own.length === 0)) return nothingToOffer();
  const asked = swap.gives.map((stretch) => `• ${stretchText(stretch, zone)}`).join('\n');
  const options = swap.gives.map((stretch, index) => {
    return option(
      clip(`${shortSpan(stretch, zone)} · ${stretch.role} · ${stretch.schedule}`, 75),
      String(index),
    );
  });
  const blocks: KnownBlock[] = [
    section(`${escapedName(people, swap.person)} asks for:\n${asked}`),
    ...(swap.gives.length > 1 ? [input({ id: 'stretch', label: 'Which of them?' }, menu(options, '0'))] : []),
    input({ id: 'from', label: 'You would stand from' }, momentInput(first.start)),
    input({ id: 'until', label: 'Until' }, momentInput(first.end)),
    ...(swap.kind === 'exchange' ? [ownBlock(own, zone)] : []),
  ];
  const title = swap.kind === 'exchange' ? 'Offer a shift' : 'Offer a part';
  return modal({ callback: PART_VIEW, title, submit: 'Offer', blocks, state: { swap: swap.id } });
}

function ownBlock(own: readonly OwnShift[], zone: ZoneName): KnownBlock {
  const options = own.map((shift) =>
    option(clip(`${shortSpan(shift, zone)} · ${shift.role} · ${shift.schedule}`, 75), shift.id),
  );
  return input({ id: 'own', label: 'Which shift of yours do they take?' }, menu(options, options[0]?.value));
}

function nothingToOffer(): ModalView {
  return outcomeView('Offer a shift', [section('You have no coming shift that you could give in return.')]);
}
