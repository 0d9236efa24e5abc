import { describe, expect, it } from 'vitest';
import { CommandLineError, parseCommandLine } from './command-line.ts';

describe('parseCommandLine', () => {
  it('has defaults for everything', () => {
    expect(parseCommandLine([])).toEqual({
      help: false,
      clockFactor: undefined,
      port: undefined,
      stateFolder: '.watchbill',
    });
  });

  it('reads every option in both spellings', () => {
    const spellings = [
      ['--clock', '60x', '--port', '0', '--state', 'data'],
      ['--clock=60', '--port=0', '--state=data'],
    ];
    for (const words of spellings) {
      expect(parseCommandLine(words)).toMatchObject({ clockFactor: 60, port: 0, stateFolder: 'data' });
    }
    expect(parseCommandLine(['-h']).help).toBe(true);
    expect(parseCommandLine(['--clock', '2.5x']).clockFactor).toBe(2.5);
  });

  it.each([
    [['--clock', 'fast'], /--clock fast: give a factor/],
    [['--clock', '0x'], /1x to 10000x/],
    [['--clock', '10001x'], /1x to 10000x/],
    [['--clock', '-5x'], /--help/],
    [['--port', '70000'], /0 to 65535/],
    [['--port', '80a'], /0 to 65535/],
    [['--port'], /--help/],
    [['--speed', '2'], /--speed.*--help/],
    [['60x'], /"60x" is not an option/],
  ])('refuses %j with a sentence that helps', (words, message) => {
    expect(() => parseCommandLine(words)).toThrow(CommandLineError);
    expect(() => parseCommandLine(words)).toThrow(message);
  });
});
