/** Whose offer to which request a button is about; null for a value that is none of ours. */
export function offerOf(value: string): { readonly swap: string; readonly person: string } | null {
  const read = readObject(value);
  const { swap, person } = read;
  return typeof swap === 'string' && typeof person === 'string' ? { swap, person } : null;
}

/** The object that a button's value holds; empty for anything else. */
export function readObject(value: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(value);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
