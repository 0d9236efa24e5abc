import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';

/** The root of the checkout. */
export const ROOT = resolve(import.meta.dirname, '../..');

const NOT_OURS = new Set(['node_modules', 'dist', '.git', '.watchbill', '.test-state', 'coverage', '.env']);
const TEXT =
  /(\.(ts|tsx|mts|cts|js|mjs|cjs|json|jsonc|md|yaml|yml|sql|svg|html|css|sh|ics|example)|Dockerfile|run|\.npmrc|\.gitignore)$/;

/** Every text file of the project, as paths from the root, sorted. */
export const FILES: readonly string[] = listFiles(ROOT)
  .map((path) => relative(ROOT, path))
  .filter((path) => TEXT.test(path))
  .sort();

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

/** The text of a file. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export const isTest = (path: string): boolean => path.endsWith('.test.ts') || path.startsWith('test/');
export const isCode = (path: string): boolean => /\.(ts|tsx|mjs|cjs)$/.test(path);

/** Our own code that ships: no tests, no scripts. */
export const PRODUCT = FILES.filter((path) => /^(packages|services)\/.*\.tsx?$/.test(path) && !isTest(path));

const parsed = new Map<string, ts.SourceFile>();

/** Calls `visit` for every node of the file. */
export function walk(path: string, visit: (node: ts.Node, source: ts.SourceFile) => void): void {
  const source = parsed.get(path) ?? ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true);
  parsed.set(path, source);
  const step = (node: ts.Node): void => {
    visit(node, source);
    ts.forEachChild(node, step);
  };
  step(source);
}

/** `path:line` of a node, for messages. */
export function placeOf(node: ts.Node, source: ts.SourceFile): string {
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
}
