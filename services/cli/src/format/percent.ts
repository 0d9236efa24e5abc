/** By how much a value is above a bound, in percent, for people: `0.54`, `12.3`, `less than 0.01`. */
export function percentAbove(value: number, bound: number): string {
  const percent = Math.max(0, (100 * (value - bound)) / bound);
  return percent < 0.01 ? 'less than 0.01' : percent.toFixed(percent < 1 ? 2 : 1);
}
