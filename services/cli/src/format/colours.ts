import pc from 'picocolors';

/** How text is marked: with colour on a terminal, as it is everywhere else. */
export interface Colours {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly green: (text: string) => string;
}

export function coloursFor(enabled: boolean): Colours {
  const { bold, dim, red, yellow, green } = pc.createColors(enabled);
  return { bold, dim, red, yellow, green };
}
