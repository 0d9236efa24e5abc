import type { MemberDraft } from '@watchbill/core';
import { useState } from 'react';
import type { Person } from '../api/shapes.ts';
import { editorText } from '../text/editor.ts';
import { type EditorRotation, movedTo } from './rotation-editor-model.ts';

export interface RosterProps {
  readonly rotation: EditorRotation;
  readonly people: ReadonlyMap<string, Person>;
  readonly onChange: (roster: readonly MemberDraft[]) => void;
}

const words = editorText.rotation;

/** Who takes turns: ordered by dragging or by the buttons of each row. */
export function Roster({ rotation, people, onChange }: RosterProps) {
  const [said, setSaid] = useState('');
  const [dragged, setDragged] = useState<number | null>(null);
  const { roster } = rotation;
  if (roster === 'team') return <p className="quiet">{words.team}</p>;
  if (roster === undefined) return <p className="quiet">{words.fixed}</p>;
  const title = rotation.name ?? rotation.id;
  const move = (from: number, to: number) => {
    if (to < 0 || to >= roster.length || from === to) return;
    onChange(movedTo(roster, from, to));
    setSaid(words.moved(nameOf(roster[from] ?? '', people), to + 1, roster.length));
  };
  return (
    <div className="roster-box">
      <p className="label">{words.who}</p>
      {roster.length === 0 && <p className="quiet">{words.nobodyYet}</p>}
      {roster.length > 0 && (
        <ol className="roster" aria-label={words.whoOf(title)}>
          {keyed(roster).map(({ key, member }, index) => (
            <li
              key={key}
              draggable
              className={dragged === index ? 'dragged' : ''}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', String(index));
                setDragged(index);
              }}
              onDragOver={(event) => {
                if (dragged !== null) event.preventDefault();
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged !== null) move(dragged, index);
                setDragged(null);
              }}
              onDragEnd={() => setDragged(null)}
            >
              <Seat
                {...{ member, people, index, of: roster.length }}
                onMove={(to) => move(index, to)}
                onOut={() => onChange(roster.filter((_, place) => place !== index))}
              />
            </li>
          ))}
        </ol>
      )}
      <AddPerson {...{ roster, people, title }} onAdd={(id) => onChange([...roster, id])} />
      <p className="hidden-text" aria-live="polite">
        {said}
      </p>
    </div>
  );
}

interface SeatProps {
  readonly member: MemberDraft;
  readonly people: ReadonlyMap<string, Person>;
  readonly index: number;
  readonly of: number;
  readonly onMove: (to: number) => void;
  readonly onOut: () => void;
}

function Seat({ member, people, index, of, onMove, onOut }: SeatProps) {
  const name = nameOf(member, people);
  const zone = typeof member === 'string' ? people.get(member)?.timeZone : undefined;
  return (
    <>
      <span className="grip" aria-hidden="true">
        ⠿
      </span>
      <span className="seat">
        {name} {zone !== undefined && <span className="quiet">{zone.replaceAll('_', ' ')}</span>}
      </span>
      <span className="buttons">
        <button
          type="button"
          aria-label={words.up(name)}
          aria-disabled={index === 0}
          onClick={() => onMove(index - 1)}
        >
          ↑
        </button>
        <button
          type="button"
          aria-label={words.down(name)}
          aria-disabled={index === of - 1}
          onClick={() => onMove(index + 1)}
        >
          ↓
        </button>
        <button type="button" aria-label={words.out(name)} onClick={onOut}>
          ×
        </button>
      </span>
    </>
  );
}

interface AddProps {
  readonly roster: readonly MemberDraft[];
  readonly people: ReadonlyMap<string, Person>;
  readonly title: string;
  readonly onAdd: (id: string) => void;
}

function AddPerson({ roster, people, title, onAdd }: AddProps) {
  const named = new Set(roster.flat());
  const free = [...people.values()].filter(({ id }) => !named.has(id));
  return (
    <label className="field">
      <span>{words.add}</span>
      <select
        value=""
        aria-label={words.addTo(title)}
        onChange={(event) => {
          if (event.target.value !== '') onAdd(event.target.value);
        }}
      >
        <option value="">{words.choose}</option>
        {free.map(({ id, name, timeZone }) => (
          <option key={id} value={id}>
            {name} ({timeZone})
          </option>
        ))}
        <option value="nobody">{words.vacant}</option>
      </select>
    </label>
  );
}

/** The same person may stand twice in a list: the second gets a key of its own. */
function keyed(
  roster: readonly MemberDraft[],
): readonly { readonly key: string; readonly member: MemberDraft }[] {
  const counts = new Map<string, number>();
  return roster.map((member) => {
    const base = [member].flat().join(' ');
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    return { key: `${base} ${count}`, member };
  });
}

/** The names of one place in the order. */
export function nameOf(member: MemberDraft, people: ReadonlyMap<string, Person>): string {
  if (member === 'nobody') return words.vacant;
  if (typeof member === 'string') return people.get(member)?.name ?? member;
  return words.together(member.map((id) => people.get(id)?.name ?? id).join(', '));
}
