import type { Shift } from '@watchbill/core';

/** Whether two shifts say the same to people; the seat is a matter of storage. */
export function sameFacts(a: Shift, b: Shift): boolean {
  return (
    a.start === b.start &&
    a.end === b.end &&
    a.person === b.person &&
    a.role === b.role &&
    a.rotation === b.rotation &&
    a.override === b.override
  );
}
