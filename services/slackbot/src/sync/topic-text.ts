import type { ZoneName } from '@watchbill/core';
import { clip, plainTime } from '../blocks/text.ts';

/** What Slack takes as a topic, in characters. */
export const TOPIC_LIMIT = 250;
/** Our part of a topic begins with this; what stands before and after it is other people's. */
const MARK = 'On call: ';
const BETWEEN = ' | ';
/** Ours is shortened to this before others' words are. */
const LEAST_OURS = 60;

/** Who is on call in one role. */
export interface TopicRole {
  readonly role: string;
  readonly names: readonly string[];
  readonly until: number | null;
}

const SAFE: Readonly<Record<string, string>> = { '|': '/', '<': '‹', '>': '›' };

/** Our part of a topic: names, and until when the first of them stand. Times in the schedule's zone, with its name. */
export function onCallText(roles: readonly TopicRole[], zone: ZoneName): string {
  const standing = roles.filter(({ names }) => names.length > 0);
  if (standing.length === 0) return `${MARK}nobody`;
  const named = standing.map(({ role, names }) =>
    standing.length === 1 ? names.join(', ') : `${names.join(', ')} (${role})`,
  );
  const ends = standing.flatMap(({ until }) => (until === null ? [] : [until]));
  const until = ends.length === 0 ? '' : ` until ${plainTime(Math.min(...ends), zone)}`;
  // The bar keeps our part from others', and in a topic Slack turns `<!channel>` into a call.
  return `${MARK}${named.join(', ')}${until}`.replace(/[|<>]/g, (sign) => SAFE[sign] ?? sign);
}

/** A topic with our part in it: in the place of the old one, or at the end. Others' words stay as they are. */
export function withOnCall(topic: string, ours: string): string {
  const parts = topic.trim() === '' ? [] : topic.split(BETWEEN);
  const at = parts.findIndex((part) => part.startsWith(MARK));
  const others = parts.filter((_, index) => index !== at);
  const room = TOPIC_LIMIT - others.reduce((sum, part) => sum + part.length + BETWEEN.length, 0);
  const part = clip(ours, Math.max(room, LEAST_OURS));
  const place = at === -1 ? others.length : at;
  return clip([...others.slice(0, place), part, ...others.slice(place)].join(BETWEEN), TOPIC_LIMIT);
}
