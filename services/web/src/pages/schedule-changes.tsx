import { useState } from 'react';
import { useChange } from '../api/change-queries.ts';
import type { Person, Schedule } from '../api/shapes.ts';
import { Failure } from '../parts/state.tsx';
import { overrideText } from '../text/override.ts';
import { shownTime } from '../time/shown-time.ts';
import type { Bar } from '../timeline/bars.ts';
import { type MadeOverride, OverrideDialog, type OverrideDraft } from './override-dialog.tsx';
import { ShiftDialog } from './shift-dialog.tsx';

/** What was opened on a schedule: a bar, or an override that is to be made. */
export type Opened = { readonly bar: Bar } | { readonly draft: OverrideDraft };

export interface ScheduleChangesProps {
  readonly schedule: Schedule;
  readonly people: ReadonlyMap<string, Person>;
  readonly zone: string;
  readonly opened: Opened | null;
  readonly onOpen: (opened: Opened | null) => void;
}

/** Looking at a shift or gap, overriding it, and taking that back. */
export function ScheduleChanges({ opened, onOpen, ...place }: ScheduleChangesProps) {
  const [made, setMade] = useState<MadeOverride | null>(null);
  const close = () => onOpen(null);
  return (
    <>
      {opened !== null && 'bar' in opened && (
        <ShiftDialog
          {...place}
          bar={opened.bar}
          onClose={close}
          onOverride={() => onOpen({ draft: draftOf(opened.bar) })}
        />
      )}
      {opened !== null && 'draft' in opened && (
        <OverrideDialog
          {...place}
          draft={opened.draft}
          onClose={close}
          onMade={(override) => {
            setMade(override);
            close();
          }}
        />
      )}
      <div role="status">
        {made !== null && <Made key={made.id} {...place} made={made} onUndone={() => setMade(null)} />}
      </div>
    </>
  );
}

/** The override that a bar suggests: of the whole of it, to be made shorter. */
function draftOf({ kind, role, start, end, person }: Bar): OverrideDraft {
  return { role, start, end, replaces: person, gap: kind === 'gap' };
}

interface MadeProps {
  readonly schedule: Schedule;
  readonly people: ReadonlyMap<string, Person>;
  readonly zone: string;
  readonly made: MadeOverride;
  readonly onUndone: () => void;
}

function Made({ schedule, people, zone, made, onUndone }: MadeProps) {
  const undo = useChange([['schedules', schedule.id], ['on-call']]);
  const path = `/v1/schedules/${encodeURIComponent(schedule.id)}/overrides/${made.id}`;
  const [from, until] = [shownTime(made.start, zone), shownTime(made.end, zone)];
  const who = made.people.map((id) => people.get(id)?.name ?? id).join(', ');
  return (
    <div className="made">
      <p>{who === '' ? overrideText.savedNobody(from, until) : overrideText.saved(who, from, until)}</p>
      {undo.error !== null && <Failure error={undo.error} />}
      <button
        type="button"
        disabled={undo.isPending}
        onClick={() => undo.mutate({ path, method: 'DELETE' }, { onSuccess: onUndone })}
      >
        {overrideText.undo}
      </button>
    </div>
  );
}
