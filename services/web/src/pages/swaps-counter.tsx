import { type FormEvent, useState } from 'react';
import { useChange } from '../api/change-queries.ts';
import type { Swap } from '../api/duty-queries.ts';
import { useShiftsAhead } from '../api/people-queries.ts';
import { usePeople } from '../api/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Failure } from '../parts/state.tsx';
import { peopleText } from '../text/people.ts';
import { ownZone } from '../time/shown-time.ts';
import { type Part, PartChoice, ShiftChoice, wantedOf } from './swaps-ask.tsx';

const words = peopleText.counter;

export interface CounterDialogProps {
  readonly swap: Swap;
  /** Who offers. */
  readonly person: string;
  /** The name of the one who asks. */
  readonly who: string;
  readonly touches: readonly (readonly string[])[];
  readonly onClose: () => void;
}

/** Offering other than what was asked: a part of it, or in an exchange other shifts back. */
export function CounterDialog({ swap, person, who, touches, onClose }: CounterDialogProps) {
  const zone = usePeople().data?.get(person)?.timeZone ?? ownZone();
  const [part, setPart] = useState<Part | null>(null);
  const [back, setBack] = useState<readonly string[]>([]);
  const own = useShiftsAhead(swap.kind === 'exchange' ? person : null);
  const offer = useChange(touches);
  const [first] = swap.gives;
  const only = swap.gives.length === 1 && first !== undefined ? { ...first, id: '' } : null;
  const gives = only === null || part === null ? null : wantedOf({ shifts: [only], part, zone });
  const wrong = part !== null && gives === null;
  const takes = (own.data ?? []).filter(({ id }) => back.includes(id));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const plain = ({ schedule, role, start, end }: Omit<NonNullable<typeof only>, 'id' | 'person'>) => ({
      ...{ schedule, role, start, end },
    });
    const body = {
      person,
      ...(gives !== null && { gives: gives.map(plain) }),
      ...(takes.length > 0 && { takes: takes.map(plain) }),
    };
    offer.mutate({ path: `/v1/swaps/${swap.id}/counter`, method: 'POST', body }, { onSuccess: onClose });
  };
  const nothing = swap.kind === 'cover' ? gives === null : takes.length === 0;
  return (
    <Dialog title={words.title(who)} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {only !== null && <PartChoice shift={only} zone={zone} part={part} onChange={setPart} />}
        {wrong && (
          <p className="error" role="alert">
            {peopleText.ask.order}
          </p>
        )}
        {swap.kind === 'exchange' && (
          <>
            <ShiftChoice
              {...{ legend: words.back, shifts: own.data ?? [], zone, chosen: back, onChange: setBack }}
            />
            <p className="quiet">{words.backLead}</p>
          </>
        )}
        {offer.error !== null && <Failure error={offer.error} />}
        <button type="submit" className="primary" disabled={offer.isPending || wrong || nothing}>
          {words.submit}
        </button>
      </form>
    </Dialog>
  );
}
