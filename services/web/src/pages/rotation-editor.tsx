import { useQuery } from '@tanstack/react-query';
import { knownZones } from '@watchbill/core';
import { type ReactNode, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useChange } from '../api/change-queries.ts';
import { RefusalError, readWithEtag } from '../api/client.ts';
import { useOnCallNow, usePeople, useSchedules } from '../api/queries.ts';
import type { Person, Schedule } from '../api/shapes.ts';
import { Loaded } from '../parts/state.tsx';
import { useNow } from '../parts/use-now.ts';
import { editorText } from '../text/editor.ts';
import { ownZone } from '../time/shown-time.ts';
import { CoreHours, Names, ShapeChoice } from './rotation-editor-basics.tsx';
import { EffectChoice, namedTime, useEffectChoice } from './rotation-editor-effect.tsx';
import {
  beginning,
  type EditorDefinition,
  type EditorRotation,
  freeId,
  missingIn,
  nextMonday,
  nextOf,
  previewOf,
  type Shape,
  withSecond,
} from './rotation-editor-model.ts';
import { NewPerson, ZONES_LIST } from './rotation-editor-people.tsx';
import { type Condition, EditorPreview, publishPath, useDryRun } from './rotation-editor-preview.tsx';
import { RotationPanel } from './rotation-editor-rotation.tsx';
import '../style/choices.css';
import '../style/editor.css';

const NO_PEOPLE: ReadonlyMap<string, Person> = new Map();
/** How soon a change by somebody else is noticed, where no event tells of it. */
const ASK_AGAIN_MS = 15_000;
const REGIONS = ['Asia/Singapore', 'Europe/London', 'America/Los_Angeles'];

/** A first rotation, or another one: from nothing to published on one page. */
export function NewSchedulePage() {
  const now = useNow(useOnCallNow().data?.at);
  const schedules = useSchedules();
  const [shape, setShape] = useState<Shape>('simple');
  const [regions, setRegions] = useState<readonly string[]>(REGIONS);
  const [second, setSecond] = useState(false);
  const [draft, setDraft] = useState<EditorDefinition>(() => ({
    ...{ id: '', timeZone: ownZone() },
    ...beginning({ shape: 'simple', timeZone: ownZone(), regions: REGIONS, at: now }),
  }));
  const begin = (change: { shape?: Shape; timeZone?: string; regions?: readonly string[] }) => {
    const { timeZone = draft.timeZone, shape: next = shape, regions: zones = regions } = change;
    setShape(next);
    setRegions(zones);
    const { coreHours: _before, rotations: before, ...rest } = draft;
    const fresh = beginning({ shape: next, timeZone, regions: zones, at: now });
    // Whoever was chosen already stays chosen.
    const rotations = fresh.rotations.map((rotation, place) => ({
      ...rotation,
      roster: before[place]?.roster ?? [],
    }));
    setDraft({ ...rest, timeZone, ...fresh, rotations });
  };
  const taken = useMemo(() => new Set(schedules.data?.map(({ id }) => id)), [schedules.data]);
  return (
    <Editor
      title={editorText.newTitle}
      draft={draft}
      definition={second ? withSecond(draft) : draft}
      condition={{ 'if-none-match': '*' }}
      taken={taken}
      onChange={setDraft}
      onZone={(timeZone) => begin({ timeZone })}
    >
      <ShapeChoice
        {...{ shape, regions }}
        onShape={(next) => begin({ shape: next })}
        onRegions={(zones) => begin({ regions: zones })}
      />
      <label className="check">
        <input type="checkbox" checked={second} onChange={(event) => setSecond(event.target.checked)} />{' '}
        {editorText.second}
      </label>
    </Editor>
  );
}

interface Stored {
  readonly schedule: Schedule;
  readonly etag: string;
}

/** Changing a schedule on the condition that nobody else does meanwhile. */
export function EditSchedulePage({ id }: { readonly id: string }) {
  const [round, setRound] = useState(0);
  const stored = useQuery({
    queryKey: ['schedules', id, 'to-edit'],
    queryFn: async ({ signal }): Promise<Stored> => {
      const { value, etag } = await readWithEtag<Schedule>(`/v1/schedules/${encodeURIComponent(id)}`, signal);
      return { schedule: value, etag: etag ?? '' };
    },
    staleTime: 0,
    gcTime: 0,
    refetchInterval: ASK_AGAIN_MS,
  });
  return (
    <Loaded of={stored}>
      {(found) => (
        <EditStored
          key={round}
          stored={found}
          onReload={() => void stored.refetch().then(() => setRound(round + 1))}
        />
      )}
    </Loaded>
  );
}

function EditStored({ stored, onReload }: { readonly stored: Stored; readonly onReload: () => void }) {
  // What was read first stays the base, however often it is read again behind the page.
  const [base] = useState(stored);
  const [draft, setDraft] = useState(() => base.schedule.definition as unknown as EditorDefinition);
  const now = useNow(useOnCallNow().data?.at);
  const waitsFrom = Date.parse(base.schedule.effectiveAt);
  const [typedRoles, setTypedRoles] = useState((draft.roles ?? ['primary']).join(', '));
  return (
    <Editor
      title={editorText.editTitle(base.schedule.definition.name ?? base.schedule.id)}
      draft={draft}
      definition={draft}
      condition={{ 'if-match': base.etag }}
      taken={null}
      onChange={setDraft}
      onZone={(timeZone) => setDraft({ ...draft, timeZone })}
      onReload={onReload}
    >
      {waitsFrom > now && (
        <p className="notice">{editorText.effect.waits(namedTime(waitsFrom, draft.timeZone))}</p>
      )}
      {stored.etag !== base.etag && <Newer says={editorText.newer} onReload={onReload} />}
      <label className="field">
        <span>{editorText.roles}</span>
        <input
          value={typedRoles}
          autoComplete="off"
          onChange={({ target: { value } }) => {
            setTypedRoles(value);
            const roles = value.split(',').map((role) => role.trim());
            setDraft({ ...draft, roles: roles.filter((role) => role !== '') });
          }}
        />
        <span className="quiet">{editorText.rolesHint}</span>
      </label>
    </Editor>
  );
}

function Newer({ says, onReload }: { readonly says: string; readonly onReload: () => void }) {
  return (
    <div className="failure" role="alert">
      <p>{says}</p>
      <button type="button" onClick={onReload}>
        {editorText.reload}
      </button>
    </div>
  );
}

interface EditorProps {
  readonly title: string;
  /** What is edited, and what is published: with a second role where it is wanted. */
  readonly draft: EditorDefinition;
  readonly definition: EditorDefinition;
  readonly condition: Condition;
  readonly taken: ReadonlySet<string> | null;
  readonly onChange: (draft: EditorDefinition) => void;
  readonly onZone: (zone: string) => void;
  /** Where somebody else may have changed it meanwhile. */
  readonly onReload?: () => void;
  readonly children: ReactNode;
}

function Editor(props: EditorProps) {
  const { title, draft, definition, condition, taken, onChange, onZone, onReload, children } = props;
  const people = usePeople().data ?? NO_PEOPLE;
  const at = useNow(useOnCallNow().data?.at);
  const hour = Math.floor(at / 3_600_000) * 3_600_000;
  const effect = useEffectChoice(taken === null ? definition.id : null, definition.timeZone, at);
  const effectiveAt = effect.ready ? effect.at : null;
  const shown = effectiveAt ?? hour;
  const preview = useMemo(
    () => previewOf(definition, [...people.keys()], shown),
    [definition, people, shown],
  );
  const missing = missingIn(definition);
  const named = missing.length === 0 && definition.id !== '' && taken?.has(definition.id) !== true;
  const ready = named && effect.ready;
  const dryRun = useDryRun({ definition, condition, effectiveAt, ready });
  const publish = usePublish(definition, condition, effectiveAt);
  const set = (place: number, rotation: EditorRotation) =>
    onChange({
      ...draft,
      rotations: draft.rotations.map((one, index) => (index === place ? rotation : one)),
    });
  const next = (id: string) =>
    preview.kind === 'timeline'
      ? nextOf(preview.timeline, id).map((person) => people.get(person)?.name ?? person)
      : [];
  const error = publish.error ?? dryRun.error;
  const stale = error instanceof RefusalError && error.status === 412 && taken === null;
  const allowed = ready && dryRun.current && dryRun.error === null && !publish.isPending;
  return (
    <>
      <header className="page-head">
        <h1>{title}</h1>
        <Link className="button" href="/file">
          {editorText.file}
        </Link>
      </header>
      {taken !== null && <p className="lead">{editorText.lead}</p>}
      <Zones />
      <div className="editor">
        <div className="form">
          <Names {...{ definition: draft, taken, onChange, onZone }} />
          {children}
          <CoreHours definition={draft} onChange={onChange} />
          {taken !== null && <NewPerson people={people} />}
          {draft.rotations.map((rotation, place) => (
            <RotationPanel
              key={rotation.id}
              rotation={rotation}
              timeZone={draft.timeZone}
              roles={draft.roles ?? ['primary']}
              people={people}
              next={next(rotation.id)}
              onChange={(changed) => set(place, changed)}
              onRemove={
                taken === null && draft.rotations.length > 1
                  ? () => onChange({ ...draft, rotations: draft.rotations.filter((one) => one !== rotation) })
                  : undefined
              }
            />
          ))}
          {taken === null && (
            <button type="button" onClick={() => onChange(withAnother(draft, at))}>
              {editorText.rotation.another}
            </button>
          )}
          {taken === null && <NewPerson people={people} />}
        </div>
        <div className="beside">
          {taken === null && <EffectChoice effect={effect} zone={definition.timeZone} />}
          <EditorPreview
            {...{ definition, missing, preview, people, at, effectiveAt, applied: dryRun.data }}
            error={stale ? null : error}
          />
          {stale && onReload !== undefined && <Newer says={editorText.stale} onReload={onReload} />}
          <div className="buttons">
            <button type="button" className="primary" disabled={!allowed} onClick={() => publish.send()}>
              {publish.isPending ? editorText.publishing : editorText.publish}
            </button>
            <Link className="button" href={taken === null ? `/schedules/${draft.id}` : '/'}>
              {editorText.cancel}
            </Link>
          </div>
        </div>
      </div>
    </>
  );
}

function usePublish(definition: EditorDefinition, condition: Condition, effectiveAt: number | null) {
  const [, navigate] = useLocation();
  const { mutate, error, isPending } = useChange([['schedules'], ['on-call'], ['configuration']]);
  const path = publishPath(definition.id, effectiveAt);
  const send = () =>
    mutate(
      { path, method: 'PUT', body: definition, headers: condition },
      { onSuccess: () => navigate(`/schedules/${definition.id}`) },
    );
  return { send, error, isPending };
}

/** One more rotation of the first role, for somebody to be put into. */
function withAnother(draft: EditorDefinition, at: number): EditorDefinition {
  const id = freeId('rotation', new Set(draft.rotations.map((rotation) => rotation.id)));
  const start = `${nextMonday(at, draft.timeZone)}T09:00`;
  const rotation: EditorRotation = { id, roster: [], cadence: { every: 1, unit: 'week' }, start };
  return { ...draft, rotations: [...draft.rotations, rotation] };
}

/** The zones that this browser knows, once a page. */
function Zones() {
  const zones = useMemo(() => ['UTC', ...knownZones().filter((zone) => zone !== 'UTC')], []);
  return (
    <datalist id={ZONES_LIST}>
      {zones.map((zone) => (
        <option key={zone} value={zone} />
      ))}
    </datalist>
  );
}
