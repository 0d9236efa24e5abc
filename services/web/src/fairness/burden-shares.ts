/** Hours on call by what they are for a person in their own local time, as the API counts them. */
export interface HoursByClass {
  readonly core: number;
  readonly waking: number;
  readonly night: number;
  readonly weekend: number;
  readonly weekendNight: number;
  readonly holiday: number;
  readonly holidayNight: number;
}

/** One line of a plan's table, or of what was stood. */
export interface BurdenLine {
  readonly person: string;
  readonly hours: number;
  readonly byClass: HoursByClass;
  readonly nights: number;
  readonly weekends: number;
  readonly holidays: number;
  readonly burden: number;
  readonly deviation: number;
}

/** The classes as they are drawn, from the lightest to the heaviest. */
export const SHARES = ['core', 'waking', 'night', 'weekend', 'holiday'] as const;
export type Share = (typeof SHARES)[number];

/** The hours of each drawn class: nights of weekends and holidays are drawn with their days. */
export function sharesOf({ byClass }: Pick<BurdenLine, 'byClass'>): Readonly<Record<Share, number>> {
  return {
    core: byClass.core,
    waking: byClass.waking,
    night: byClass.night,
    weekend: byClass.weekend + byClass.weekendNight,
    holiday: byClass.holiday + byClass.holidayNight,
  };
}

export interface Piece {
  readonly share: Share;
  readonly x: number;
  readonly width: number;
}

/** The pieces of one bar side by side, drawn so that `most` hours are `width` wide. Empty ones are left out. */
export function piecesOf(line: Pick<BurdenLine, 'byClass'>, most: number, width: number): readonly Piece[] {
  const shares = sharesOf(line);
  const scale = most > 0 ? width / most : 0;
  let x = 0;
  const pieces: Piece[] = [];
  for (const share of SHARES) {
    const wide = shares[share] * scale;
    if (wide > 0) pieces.push({ share, x, width: wide });
    x += wide;
  }
  return pieces;
}
