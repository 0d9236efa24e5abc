import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { FILES, isCode, isTest, PRODUCT, placeOf, textOf, walk } from './support/repository.ts';

const FILE_LIMIT_LINES = 500;
const FUNCTION_LIMIT_LINES = 70;
const COMPONENT_LIMIT_LINES = 120;
const PARAMETER_LIMIT = 3;

function linesOf(path: string): number {
  return textOf(path).trimEnd().split('\n').length;
}

type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

function isFunction(node: ts.Node): node is FunctionNode {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isArrowFunction(node) ||
    ts.isMethodDeclaration(node)
  );
}

/** The callback of describe or it is a chapter of a file, not a function that somebody calls. */
function isChapter(path: string, node: FunctionNode): boolean {
  return isTest(path) && ts.isCallExpression(node.parent);
}

function functionsOf(path: string): { place: string; lines: number; parameters: number }[] {
  const found: { place: string; lines: number; parameters: number }[] = [];
  walk(path, (node, source) => {
    if (!isFunction(node) || isChapter(path, node)) return;
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.end).line;
    found.push({ place: placeOf(node, source), lines: last - first + 1, parameters: node.parameters.length });
  });
  return found;
}

const CODE = FILES.filter(isCode);

describe('sizes', () => {
  it(`no file is longer than ${FILE_LIMIT_LINES} lines`, () => {
    const long = CODE.filter((path) => linesOf(path) > FILE_LIMIT_LINES);
    expect(long.map((path) => `${path}: ${linesOf(path)}`)).toEqual([]);
  });

  it(`no function is longer than ${FUNCTION_LIMIT_LINES} lines`, () => {
    const long = CODE.flatMap((path) => {
      const limit = path.endsWith('.tsx') ? COMPONENT_LIMIT_LINES : FUNCTION_LIMIT_LINES;
      return functionsOf(path).filter((found) => found.lines > limit);
    });
    expect(long.map((found) => `${found.place}: ${found.lines}`)).toEqual([]);
  });

  it(`no function takes more than ${PARAMETER_LIMIT} parameters`, () => {
    const wide = PRODUCT.flatMap(functionsOf).filter((found) => found.parameters > PARAMETER_LIMIT);
    expect(wide.map((found) => `${found.place}: ${found.parameters}`)).toEqual([]);
  });

  it('the README fits on a screen or two', () => {
    expect(linesOf('README.md')).toBeLessThanOrEqual(100);
  });
});

describe('names', () => {
  const VAGUE = /(^|[-/])(utils?|helpers?)(\.|\/|$)|(^|\/)(types|shared|common|misc)(\.|\/|$)/;

  it('no file or folder has a name that says nothing', () => {
    expect(FILES.filter((path) => VAGUE.test(path))).toEqual([]);
  });

  it('files of code are named in kebab-case', () => {
    const names = CODE.filter((path) => !path.startsWith('.')).map((path) => path.split('/').at(-1) ?? '');
    expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config))?\.[a-z]+$/.test(name))).toEqual(
      [],
    );
  });

  /** Words that the glossary replaces. Words with a second, honest meaning in code (level, event, group) are left out. */
  const NOT_SAID =
    /^(participants?|rollovers?|office(Time|Hours)|balanceScore|finalSchedule|scheduleLayers?|userList|trades?|incidents?)$/i;

  it('nothing is declared under a word that the glossary replaces', () => {
    const found: string[] = [];
    for (const path of PRODUCT) {
      walk(path, (node, source) => {
        const name = declaredName(node);
        if (name !== undefined && NOT_SAID.test(name)) found.push(`${placeOf(node, source)}: ${name}`);
      });
    }
    expect(found).toEqual([]);
  });

  function declaredName(node: ts.Node): string | undefined {
    const declares =
      ts.isVariableDeclaration(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isPropertySignature(node) ||
      ts.isParameter(node);
    return declares && node.name !== undefined && ts.isIdentifier(node.name) ? node.name.text : undefined;
  }
});

describe('what code may not do', () => {
  const NOT_IN_CORE = new Set([
    ...['Date', 'process', 'fetch', 'crypto', 'performance', 'globalThis', 'console'],
    ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ]);

  /** A use of the global, and not a property or a field that happens to have its name. */
  function isUse(node: ts.Identifier): boolean {
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
    if (ts.isQualifiedName(parent)) return parent.left === node;
    return !(
      ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isImportSpecifier(parent) ||
      ts.isBindingElement(parent)
    );
  }

  it('core has no clock, no randomness and no way out', () => {
    const found: string[] = [];
    for (const path of PRODUCT.filter((name) => name.startsWith('packages/core/'))) {
      walk(path, (node, source) => {
        if (ts.isIdentifier(node) && NOT_IN_CORE.has(node.text) && isUse(node)) {
          found.push(`${placeOf(node, source)}: ${node.text}`);
        }
        if (ts.isPropertyAccessExpression(node) && node.getText(source) === 'Math.random') {
          found.push(`${placeOf(node, source)}: Math.random`);
        }
      });
    }
    expect(found).toEqual([]);
  });

  it('no class but errors', () => {
    const classes: { place: string; name: string; parent: string }[] = [];
    for (const path of PRODUCT) {
      walk(path, (node, source) => {
        if (!ts.isClassLike(node)) return;
        const parent = node.heritageClauses?.[0]?.types[0]?.expression.getText(source) ?? '';
        classes.push({ place: placeOf(node, source), name: node.name?.text ?? '', parent });
      });
    }
    /** An error, or a kind of one of our own. */
    const isError = (parent: string): boolean =>
      parent.endsWith('Error') ||
      classes.some(({ name, parent: above }) => name === parent && isError(above));
    expect(classes.filter(({ parent }) => !isError(parent)).map(({ place }) => place)).toEqual([]);
  });

  it('no test is chosen or left out by hand', () => {
    const byHand = /\b(it|test|describe)\s*\.\s*(only|skip|todo)\b/;
    expect(FILES.filter((path) => isTest(path) && isCode(path) && byHand.test(textOf(path)))).toEqual([]);
  });

  it('nothing is left for later', () => {
    const later = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK'].join('|')})\\b`);
    const found = FILES.filter((path) => path !== 'package-lock.json' && later.test(textOf(path)));
    expect(found).toEqual([]);
  });
});

describe('what files may not say', () => {
  it('no path of somebody’s machine', () => {
    const machine = /(^|[\s"'`(=:])\/(work|root|home|Users)\/[\w.-]/m;
    expect(FILES.filter((path) => machine.test(textOf(path)))).toEqual([]);
  });

  it('package-lock.json names no registry, so that everybody can use their own', () => {
    expect(textOf('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });

  it('package-lock.json has the packages of every platform, without which npm ci refuses it', () => {
    const { packages } = JSON.parse(textOf('package-lock.json')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const places = Object.keys(packages);
    const missing = Object.values(packages)
      .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => !places.some((place) => place.endsWith(`node_modules/${name}`)));
    expect(missing).toEqual([]);
  });
});
