/** What a token may be allowed to do. `admin` is all of them. No scope includes another one. */
export const SCOPES = [
  'absences:write',
  'admin',
  'contacts:read',
  'contacts:write',
  'endpoints:read',
  'endpoints:write',
  'events:read',
  'feeds:read',
  'feeds:write',
  'intakes:read',
  'intakes:write',
  'metrics:read',
  'overrides:write',
  'pages:read',
  'pages:write',
  'people:read',
  'plans:write',
  'schedules:read',
  'schedules:write',
  'swaps:write',
  'tokens:read',
  'tokens:write',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Whether a token with these scopes may do what `wanted` names. */
export function hasScope(granted: readonly string[], wanted: Scope): boolean {
  return granted.includes('admin') || granted.includes(wanted);
}

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text);
}
