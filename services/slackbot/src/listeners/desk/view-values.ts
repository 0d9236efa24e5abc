import type { ViewOutput } from '@slack/bolt';

type Values = ViewOutput['state']['values'];

/** What somebody filled in, read by block id; `time.*` finds the block whose id begins with `time.`. */
export interface Filled {
  /** The id of the block, as errors need it. */
  block(name: string): string;
  text(name: string): string;
  option(name: string): string | null;
  options(name: string): readonly string[];
  /** Milliseconds. */
  moment(name: string): number | null;
  /** `YYYY-MM-DD`. */
  date(name: string): string | null;
  /** `HH:mm`. */
  clock(name: string): string | null;
}

/** Reads the state of a view. A block is named by its id, or by the part of it before the first dot. */
export function filled(values: Values): Filled {
  const block = (name: string): string =>
    Object.keys(values).find((id) => id === name || id.startsWith(`${name}.`)) ?? name;
  const field = (name: string) => Object.values(values[block(name)] ?? {})[0];
  return {
    block,
    text: (name) => field(name)?.value?.trim() ?? '',
    option: (name) => field(name)?.selected_option?.value ?? null,
    options: (name) => (field(name)?.selected_options ?? []).map(({ value }) => value),
    moment: (name) => {
      const seconds = field(name)?.selected_date_time;
      return typeof seconds === 'number' ? seconds * 1_000 : null;
    },
    date: (name) => field(name)?.selected_date ?? null,
    clock: (name) => field(name)?.selected_time ?? null,
  };
}

/** What we put into a view ourselves. Null for anything else than an object of JSON. */
export function stateOf(view: Pick<ViewOutput, 'private_metadata'>): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(view.private_metadata);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
