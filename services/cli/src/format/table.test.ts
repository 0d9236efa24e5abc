import { expect, it } from 'vitest';
import { csv } from './csv.ts';
import { table } from './table.ts';

it('makes columns as wide as their widest cell, and no spaces at the end', () => {
  expect(
    table([
      ['a', 'Zoë', ''],
      ['long', 'e\u0301', 'x'],
      ['\u001b[31mred\u001b[39m', 'b', 'y'],
    ]),
  ).toEqual(['a     Zoë', 'long  e\u0301    x', '\u001b[31mred\u001b[39m   b    y']);
  expect(table([])).toEqual([]);
});

it('quotes CSV cells, and disarms what a spreadsheet would run', () => {
  expect(
    csv(
      ['a', 'b'],
      [
        ['x, "y"', null],
        ['=1+1', -3],
        ['two\nlines', '@x'],
      ],
    ),
  ).toBe('a,b\r\n"x, ""y""",\r\n\'=1+1,-3\r\n"two\nlines",\'@x\r\n');
});
