import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES, ROOT, textOf } from './support/repository.ts';

const DOCS = FILES.filter((path) => path.endsWith('.md'));
const TOP = '(packages|services|docs|test|examples|infra|scripts|\\.ci)';
/** A path in backticks; patterns such as `test/bench/*.ts` or `services/<name>` name no one file. */
const IN_BACKTICKS = new RegExp(`\`(${TOP}/[\\w./-]+)\``, 'g');
const LINK = /\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g;

function missing(path: string): string[] {
  const text = textOf(path);
  const named = [...text.matchAll(IN_BACKTICKS)].map((match) => match[1] ?? '');
  const linked = [...text.matchAll(LINK)].map((match) => normalize(join(dirname(path), match[1] ?? '')));
  // Folders that exist only after a build are not part of the checkout.
  return [...named, ...linked].filter((name) => !name.includes('/dist/') && !existsSync(join(ROOT, name)));
}

describe('documents', () => {
  it.each(DOCS)('every path that %s names exists', (path) => {
    expect(missing(path)).toEqual([]);
  });

  it('every npm script they name exists', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const named = DOCS.flatMap((path) =>
      [...textOf(path).matchAll(/\bnpm run ([\w:-]+)/g)].map((match) => match[1]),
    );
    expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });

  it('the README opens with what it is, shows it, and starts it in two commands', () => {
    const readme = textOf('README.md');
    expect(readme).toMatch(/^# Watchbill\n\n[^\n#]+/);
    expect(readme).toMatch(/npm start/);
    expect(readme).toMatch(/npm test/);
  });
});

describe('ARCHITECTURE.md', () => {
  const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
    forbidden: readonly { name: string; comment: string }[];
  };
  const rules = forbidden
    .map((rule) => /^(?:packages|services)\/([\w-]+) may import (.*)\.$/.exec(rule.comment))
    .filter((match) => match !== null)
    .map((match) => ({ workspace: match[1] ?? '', allowed: match[2] ?? '' }));

  it('prints the import table that is enforced', () => {
    const rows = textOf('ARCHITECTURE.md')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter((cells) => cells.length >= 4);
    for (const { workspace, allowed } of rules) {
      const row = rows.find((cells) => cells[1] === `\`${workspace}\``);
      expect(row?.[2], `the row of ${workspace}`).toBe(allowed === 'no other workspace' ? '–' : allowed);
    }
    expect(rules.length).toBeGreaterThanOrEqual(12);
  });

  it('every workspace has a row in the enforced table', () => {
    const workspaces = FILES.map(
      (path) => /^(?:packages|services)\/([\w-]+)\/package\.json$/.exec(path)?.[1],
    );
    const known = rules.map((rule) => rule.workspace);
    expect(workspaces.filter((name) => name !== undefined && !known.includes(name))).toEqual([]);
  });
});
