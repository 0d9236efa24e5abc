import type {
  Checkboxes,
  Datepicker,
  DateTimepicker,
  InputBlock,
  KnownBlock,
  ModalView,
  PlainTextInput,
  PlainTextOption,
  RadioButtons,
  StaticSelect,
  Timepicker,
} from '@slack/types';
import { fit, plain, section, VIEW_BLOCKS } from './elements.ts';
import { clip, TEXT_LIMITS } from './text.ts';

/** The action id of every input whose change needs no answer. */
export const FIELD = 'value';
/** As many options as a menu may have. */
export const MENU_OPTIONS = 100;

/** What a modal is called, says and sends. `submit` left out: it can only be closed. */
export interface ModalText {
  readonly callback: string;
  readonly title: string;
  readonly submit?: string;
  readonly close?: string;
  readonly blocks: readonly KnownBlock[];
  /** JSON that comes back with every click, at most 3000 characters. */
  readonly state?: object;
}

export function modal({ callback, title, submit, close, blocks, state }: ModalText): ModalView {
  return {
    type: 'modal',
    callback_id: callback,
    title: plain(title, TEXT_LIMITS.title),
    ...(submit === undefined ? {} : { submit: plain(submit, TEXT_LIMITS.title) }),
    close: plain(close ?? (submit === undefined ? 'Close' : 'Cancel'), TEXT_LIMITS.title),
    blocks: fit(blocks, VIEW_BLOCKS),
    private_metadata: state === undefined ? '' : JSON.stringify(state),
  };
}

/** What is shown while we look things up: a trigger lives three seconds. */
export function loadingView(title: string): ModalView {
  return modal({ callback: 'loading', title, blocks: [section('One moment …')] });
}

/** What a modal ends with: what was done, or why not. */
export function outcomeView(title: string, blocks: readonly KnownBlock[]): ModalView {
  return modal({ callback: 'outcome', title, blocks });
}

/** How an input is asked for. */
export interface InputText {
  readonly id: string;
  readonly label: string;
  readonly optional?: boolean;
  readonly hint?: string;
  /** Whether each change is told at once. */
  readonly tells?: boolean;
}

export function input(text: InputText, element: InputBlock['element']): InputBlock {
  return {
    type: 'input',
    block_id: text.id,
    label: plain(text.label, TEXT_LIMITS.label),
    element,
    optional: text.optional ?? false,
    ...(text.hint === undefined ? {} : { hint: plain(text.hint, TEXT_LIMITS.label) }),
    ...(text.tells === true ? { dispatch_action: true } : {}),
  };
}

/** A menu of at most 100 options; `initial` is the value of one of them. */
export function menu(
  options: readonly PlainTextOption[],
  initial?: string | null,
  actionId: string = FIELD,
): StaticSelect {
  const shown = distinct(options).slice(0, MENU_OPTIONS);
  const chosen = shown.find(({ value }) => value === initial);
  return {
    type: 'static_select',
    action_id: actionId,
    options: shown,
    ...(chosen === undefined ? {} : { initial_option: chosen }),
  };
}

export function radios(options: readonly PlainTextOption[], initial?: string | null): RadioButtons {
  const shown = distinct(options).slice(0, 10);
  const chosen = shown.find(({ value }) => value === initial);
  return {
    type: 'radio_buttons',
    action_id: FIELD,
    options: shown,
    ...(chosen === undefined ? {} : { initial_option: chosen }),
  };
}

export function checkboxes(options: readonly PlainTextOption[], initial: readonly string[]): Checkboxes {
  const chosen = options.filter(({ value }) => value !== undefined && initial.includes(value));
  return {
    type: 'checkboxes',
    action_id: FIELD,
    options: [...options],
    ...(chosen.length === 0 ? {} : { initial_options: chosen }),
  };
}

/** Slack refuses two options of one value. */
function distinct(options: readonly PlainTextOption[]): PlainTextOption[] {
  const seen = new Set<string | undefined>();
  return options.filter(({ value }) => !seen.has(value) && seen.add(value) !== undefined);
}

export function textInput(want: {
  readonly initial?: string;
  readonly most: number;
  readonly lines?: boolean;
  readonly example?: string;
}): PlainTextInput {
  const { initial = '', most, lines = false, example } = want;
  return {
    type: 'plain_text_input',
    action_id: FIELD,
    multiline: lines,
    max_length: most,
    ...(initial === '' ? {} : { initial_value: clip(initial, most) }),
    ...(example === undefined ? {} : { placeholder: plain(example, TEXT_LIMITS.placeholder) }),
  };
}

/** A point in time, which Slack shows and reads in the reader's own zone. */
export function momentInput(at: number | null, actionId: string = FIELD): DateTimepicker {
  const initial = at === null ? {} : { initial_date_time: Math.floor(at / 1000) };
  return { type: 'datetimepicker', action_id: actionId, ...initial };
}

export function dateInput(initial: string | null): Datepicker {
  return { type: 'datepicker', action_id: FIELD, ...(initial === null ? {} : { initial_date: initial }) };
}

export function clockInput(initial: string | null): Timepicker {
  return { type: 'timepicker', action_id: FIELD, ...(initial === null ? {} : { initial_time: initial }) };
}
