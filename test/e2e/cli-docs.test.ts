import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/repository.ts';
import { inProcess } from './cli-in-process.ts';

/** The examples of the documents are run as they stand. */
function blocks(path: string, language: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, body]) => body as string,
  );
}

function commandsOf(path: string): string[][] {
  const lines = blocks(path, 'sh').flatMap((block) => block.split('\n'));
  return lines.filter((line) => line.startsWith('npx watchbill ')).map((line) => line.split(' ').slice(2));
}

/** The examples named in a command, as files in memory. */
function filesOf(argv: readonly string[]): Record<string, Buffer> {
  const named = argv.filter((word) => word.startsWith('examples/'));
  return Object.fromEntries(named.map((file) => [file, readFileSync(join(ROOT, file))]));
}

describe('docs/cli.md', () => {
  const commands = commandsOf('docs/cli.md');
  it('has commands', () => expect(commands.length).toBeGreaterThan(5));

  it.each(commands.map((argv) => [argv.join(' '), argv] as const))('%s', async (_, argv) => {
    const { code, out, err } = await inProcess(argv, { files: filesOf(argv) });
    expect(err).toBe('');
    expect(out).not.toBe('');
    expect(code).toBe(0);
  });

  it('names every command there is', async () => {
    const { out } = await inProcess(['--help']);
    const listed = [...out.matchAll(/^ {2}([a-z]+) (?:\[options\] )?[<\s]/gm)].map(([, name]) => name);
    const text = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');
    expect(listed).toEqual(expect.arrayContaining(['check', 'timeline', 'who', 'handoffs', 'diff', 'apply']));
    for (const name of listed.filter((name) => name !== 'help'))
      expect(text).toMatch(new RegExp(`^\\| \`${name}\\b`, 'm'));
  });
});

describe('docs/planner.md', () => {
  it('plans, explains and checks the example that it shows', async () => {
    const commands = commandsOf('docs/planner.md');
    expect(commands.map(([name]) => name)).toEqual(['plan', 'explain', 'check', 'plan']);
    const made: Record<string, string> = {};
    for (const argv of commands) {
      const { code, out, written } = await inProcess(argv, { files: { ...filesOf(argv), ...made } });
      expect(code, argv.join(' ')).toBeLessThan(2);
      expect(out).not.toBe('');
      for (const [name, text] of written) made[name] = text;
    }
  });
});

describe('docs/importing.md', () => {
  it('imports the calendar that it shows into the file that it shows', async () => {
    const [calendar] = blocks('docs/importing.md', 'ics');
    const [shown] = blocks('docs/importing.md', 'yaml');
    const [importing, ...asking] = commandsOf('docs/importing.md') as [string[], ...string[][]];
    const imported = await inProcess(importing, { files: { 'team.ics': calendar as string } });
    expect(imported.code).toBe(0);
    const written = imported.written.get('watchbill.yaml') as string;
    expect(asking).toHaveLength(2);
    for (const argv of asking) {
      const fresh = await inProcess(argv, { files: { 'watchbill.yaml': written } });
      const byHand = await inProcess(argv, { files: { 'watchbill.yaml': shown as string } });
      expect(fresh.code).toBeLessThan(2);
      expect(fresh.err).toBe('');
      expect(byHand).toEqual(fresh);
    }
  });
});
