import type { Scope } from '@watchbill/commands';
import type { SessionCaller } from '@watchbill/database';

const LOOK: readonly Scope[] = ['schedules:read', 'people:read', 'events:read', 'pages:read'];
/** For oneself; what is somebody else's the commands refuse. */
const OWN: readonly Scope[] = [
  'absences:write',
  'feeds:write',
  'pages:write',
  'swaps:write',
  'contacts:read',
  'contacts:write',
];
/** For the schedules of the teams that one manages; the commands look at which these are. */
const MANAGE: readonly Scope[] = ['intakes:read', 'overrides:write', 'plans:write', 'schedules:write'];

/** What somebody who is signed in may ask for. Commands still look at who it is. */
export function scopesOf({ role, person, managing }: SessionCaller): readonly string[] {
  if (role === 'admin') return ['admin'];
  // Somebody who is no person of the configuration has nothing of their own here.
  if (role === 'read_only' || person === null) return LOOK;
  return managing ? [...LOOK, ...OWN, ...MANAGE] : [...LOOK, ...OWN];
}
