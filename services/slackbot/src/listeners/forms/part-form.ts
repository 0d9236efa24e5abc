import type { ModalView } from '@slack/types';
import { findSwap } from '@watchbill/database';
import { section, sections } from '../../blocks/elements.ts';
import { partView } from '../../blocks/part-view.ts';
import { swapMessage } from '../../blocks/swap-blocks.ts';
import { outcomeView } from '../../blocks/view-elements.ts';
import { loadPeople } from '../../render/load-people.ts';
import { zoneOf } from '../../render/zone-of.ts';
import type { KnownVisit } from '../desk/visit.ts';
import { peopleOfSwaps } from '../reads/own-requests.ts';
import { ownShifts } from '../reads/own-shifts.ts';
import { CHANGE_AHEAD_MS, SHIFTS_OFFERED } from './change-form.ts';

export const PART_TITLE = 'Make an offer';

/** The modal of an offer, or what became of the request meanwhile. */
export async function partForm(visit: KnownVisit, id: string): Promise<ModalView> {
  const { database } = visit.desk.deps;
  const swap = await findSwap(database, id);
  if (swap === null) return outcomeView(PART_TITLE, [section('That request is not there any more.')]);
  const people = await loadPeople(database, visit.workspace, peopleOfSwaps([swap]));
  const zone = await zoneOf(database, swap.gives[0]?.schedule ?? null);
  if (swap.state !== 'open') {
    return outcomeView(PART_TITLE, sections(swapMessage({ swap, people, zone }, 'channel').text.split('\n')));
  }
  const window = { from: visit.now, to: visit.now + CHANGE_AHEAD_MS };
  const { shifts: own } =
    swap.kind === 'exchange'
      ? await ownShifts(database, { person: visit.person, ...window, limit: SHIFTS_OFFERED })
      : { shifts: [] };
  return partView({ swap, people, zone: visit.zone, own });
}
