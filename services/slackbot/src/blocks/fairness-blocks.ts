import type { Instant, ZoneName } from '@watchbill/core';
import { context, type Message, message, section } from './elements.ts';
import { nameOf, type People } from './people.ts';
import { clip, escapeText, time } from './text.ts';

/** A person's line: hours they stood, their burden per full share, and how far that is from fair. */
export interface FairnessRow {
  readonly person: string;
  readonly hours: number;
  readonly level: number | null;
  readonly deviation: number;
  readonly carried: number;
}

export interface FairnessScene {
  readonly schedule: string;
  readonly zone: ZoneName;
  readonly from: Instant;
  readonly to: Instant;
  readonly rows: readonly FairnessRow[];
  /** Standard deviation over mean, in percent. */
  readonly variationPercent: number;
  readonly people: People;
}

const SHOWN_ROWS = 30;
const NAME_WIDTH = 18;

/** The burden table of a schedule. The same in words for those who hear it. */
export function fairnessMessage(scene: FairnessScene): Message {
  const { schedule, zone, from, to, people } = scene;
  const head = `*Load of ${escapeText(schedule)}*, ${time(from, zone)} – ${time(to, zone)}`;
  const rows = [...scene.rows].sort((a, b) => (b.level ?? 0) - (a.level ?? 0)).slice(0, SHOWN_ROWS);
  if (rows.length === 0) return message(`${head}\nNobody stood there in that time.`);
  const table = rows.map((row) => tableLine(row, people)).join('\n');
  const titles = `${'Person'.padEnd(NAME_WIDTH)} ${'hours'.padStart(7)} ${'burden'.padStart(7)} ${'± fair'.padStart(7)}`;
  const words = rows.map((row) => wordLine(row, people)).join('\n');
  const hint = 'Burden weighs hours by local time: nights, weekends and holidays weigh more. Per full share.';
  const spread = `Spread: ${Math.round(scene.variationPercent)} %. 0 % would be all alike.`;
  const more = scene.rows.length - rows.length;
  return message(`${head}\n${words}\n${spread}`, [
    section(head),
    section(`\`\`\`${titles}\n${table}\`\`\``),
    context(`${spread} ${hint}${more > 0 ? ` ${more} more people are left out.` : ''}`),
  ]);
}

function tableLine({ person, hours, level, deviation }: FairnessRow, people: People): string {
  const name = clip(nameOf(people, person).replaceAll('`', "'"), NAME_WIDTH).padEnd(NAME_WIDTH);
  const columns = [number(hours), level === null ? '–' : number(level), signed(deviation)];
  return `${escapeText(name)} ${columns.map((column) => column.padStart(7)).join(' ')}`;
}

function wordLine({ person, hours, level, deviation }: FairnessRow, people: People): string {
  const burden =
    level === null ? 'in no roster' : `burden ${number(level)}, ${signed(deviation)} against fair`;
  return `${escapeText(nameOf(people, person))}: ${number(hours)} hours, ${burden}`;
}

function number(value: number): string {
  return String(Math.round(value));
}

function signed(value: number): string {
  const rounded = Math.round(value);
  return rounded > 0 ? `+${rounded}` : String(rounded === 0 ? 0 : rounded);
}
