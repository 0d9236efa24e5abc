import type { Document, LineCounter, Node, Pair, YAMLMap, YAMLSeq } from 'yaml';
import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter as Lines } from 'yaml';
import type { PathStep } from '../config-error.ts';
import { MAX_ALIASES, MAX_NESTING_DEPTH, MAX_VALUES } from '../limits.ts';
import type { TextFault } from './lexical.ts';
import { tokenise, tooDeep } from './lexical.ts';

/** Where a field stands: offsets of its key (if it has one) and of its value. */
export interface Place {
  readonly key: number | null;
  readonly value: number;
  /** The text of a plain scalar as written, such as `007`; null for anything else. */
  readonly source: string | null;
}

/** A text that was read: the plain JSON it stands for, and where each field came from. */
export interface SourceDocument {
  readonly model: unknown;
  readonly faults: readonly TextFault[];
  /** The place of a field, or of its nearest parent that is written. */
  readonly locate: (path: readonly PathStep[]) => Place;
  readonly position: (offset: number) => { readonly line: number; readonly column: number };
}

interface Walk {
  readonly anchors: Map<string, Node>;
  readonly targets: Map<Node, Node>;
  /** Nodes being walked: an alias to one of them is a cycle. */
  readonly open: Set<Node>;
  readonly faults: TextFault[];
  values: number;
  aliases: number;
  stopped: boolean;
}

/** Reads YAML 1.2 (JSON is part of it): never throws, and every fault carries its offset. */
export function readDocument(text: string): SourceDocument {
  const lines = new Lines();
  countLines(text, lines);
  const position = (offset: number) => {
    const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const failed = (fault: TextFault): SourceDocument => ({
    model: undefined,
    faults: [fault],
    locate: () => ({ key: null, value: fault.offset, source: null }),
    position,
  });
  const tokens = tokenise(text);
  if (!tokens.ok) return failed(tokens.fault);
  const documents = [
    ...new Composer({
      schema: 'core',
      version: '1.2',
      prettyErrors: false,
      uniqueKeys: false,
      resolveKnownTags: false,
    }).compose(tokens.tokens, true, text.length),
  ];
  const document = documents[0];
  if (document === undefined) return failed({ offset: 0, code: 'config/empty', message: EMPTY });
  const faults = syntaxFaults(documents);
  const walk: Walk = {
    anchors: new Map(),
    targets: new Map(),
    open: new Set(),
    faults,
    values: 0,
    aliases: 0,
    stopped: false,
  };
  const model = document.contents === null ? null : toModel(document.contents, walk, 0);
  if (model === null && faults.length === 0)
    return failed({ offset: 0, code: 'config/empty', message: EMPTY });
  return { model, faults, locate: (path) => locate(document, walk.targets, path), position };
}

const EMPTY = 'The file is empty; it needs at least "version: 1".';

function countLines(text: string, lines: LineCounter): void {
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
}

/** What the YAML library found, in our words where its own do not say what to do. */
function syntaxFaults(documents: readonly Document.Parsed[]): TextFault[] {
  const faults: TextFault[] = [];
  documents.forEach((document, index) => {
    if (index === 1) {
      const message = 'The file holds several documents; remove the "---" line and keep one.';
      faults.push({ offset: document.range[0], code: 'config/several-documents', message });
    }
    if (index > 0) return;
    for (const { pos, code, message } of [...document.errors, ...document.warnings]) {
      faults.push({
        offset: pos[0],
        code: `yaml/${code.toLowerCase().replaceAll('_', '-')}`,
        message: explain(code, message),
      });
    }
    if (document.directives?.yaml.explicit === true && document.directives.yaml.version !== '1.2') {
      const message = 'Only YAML 1.2 is read; remove the %YAML line.';
      faults.push({ offset: 0, code: 'yaml/version', message });
    }
  });
  return faults;
}

function explain(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'A tab is used to indent; YAML allows only spaces there.';
    case 'TAG_RESOLVE_FAILED':
      return `${message}; remove the tag (the word that starts with "!").`;
    default:
      return message;
  }
}

function stop(walk: Walk, fault: TextFault): null {
  if (!walk.stopped) walk.faults.push(fault);
  walk.stopped = true;
  return null;
}

function offsetOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}

/** The plain JSON of a node. Aliases are followed; cycles, depth and the number of values are bounded. */
function toModel(node: Node, walk: Walk, depth: number): unknown {
  if (walk.stopped) return null;
  walk.values += 1;
  if (walk.values > MAX_VALUES) {
    const message = `The file stands for more than ${MAX_VALUES} values once its aliases are followed.`;
    return stop(walk, { offset: offsetOf(node), code: 'config/too-large', message });
  }
  if (depth > MAX_NESTING_DEPTH) return stop(walk, tooDeep(offsetOf(node)));
  if (isAlias(node)) return followAlias(node, walk, depth);
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  if (isScalar(node)) return node.value;
  walk.open.add(node);
  const model = isSeq(node) ? toList(node, walk, depth) : isMap(node) ? toMap(node, walk, depth) : null;
  walk.open.delete(node);
  return model;
}

function followAlias(node: Node & { source: string }, walk: Walk, depth: number): unknown {
  walk.aliases += 1;
  if (walk.aliases > MAX_ALIASES) {
    const message = `The file uses more than ${MAX_ALIASES} aliases (*name).`;
    return stop(walk, { offset: offsetOf(node), code: 'config/too-many-aliases', message });
  }
  // Once followed, an alias keeps its target: an anchor of the same name may come later.
  const target = walk.targets.get(node) ?? walk.anchors.get(node.source);
  if (target === undefined) {
    const message = `There is no anchor &${node.source} before this alias.`;
    walk.faults.push({ offset: offsetOf(node), code: 'config/unknown-anchor', message });
    return null;
  }
  if (walk.open.has(target)) {
    const message = `The alias *${node.source} stands inside its own anchor: it would never end.`;
    return stop(walk, { offset: offsetOf(node), code: 'config/cycle', message });
  }
  walk.targets.set(node, target);
  return toModel(target, walk, depth);
}

function toList(node: YAMLSeq, walk: Walk, depth: number): unknown[] {
  return node.items.map((item) => toModel(item as Node, walk, depth + 1));
}

function toMap(node: YAMLMap, walk: Walk, depth: number): Record<string, unknown> {
  const model: Record<string, unknown> = {};
  for (const pair of node.items as Pair<Node, Node | null>[]) {
    const key = keyOf(pair.key, walk);
    if (key === null) continue;
    if (Object.hasOwn(model, key)) {
      const message = `The key ${JSON.stringify(key)} appears twice in the same map; remove one of them.`;
      walk.faults.push({ offset: offsetOf(pair.key), code: 'config/duplicate-key', message });
    }
    const value = pair.value === null ? null : toModel(pair.value, walk, depth + 1);
    // Plain assignment to `__proto__` would change the object instead of naming a key.
    Object.defineProperty(model, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return model;
}

function keyOf(key: Node | null, walk: Walk): string | null {
  if (isScalar(key)) {
    if (key.value === '<<') {
      const message =
        'Merge keys (<<) are not supported; write the keys out, or use an alias for a whole value.';
      walk.faults.push({ offset: offsetOf(key), code: 'config/merge-key', message });
      return null;
    }
    if (typeof key.value === 'string') return key.value;
    if (key.value !== null) return String(key.value);
  }
  const message = 'A key must be a word, such as people or schedules.';
  walk.faults.push({ offset: offsetOf(key), code: 'config/bad-key', message });
  return null;
}

function locate(
  document: Document.Parsed,
  targets: ReadonlyMap<Node, Node>,
  path: readonly PathStep[],
): Place {
  const resolve = (node: Node | null | undefined) => (isAlias(node) ? targets.get(node) : node);
  let node = resolve(document.contents);
  let place: Place = { key: null, value: offsetOf(node), source: null };
  for (const step of path) {
    if (isSeq(node) && typeof step === 'number') {
      const item = node.items[step] as Node | undefined;
      if (item === undefined) return place;
      node = resolve(item);
      place = { key: null, value: offsetOf(item), source: sourceOf(node) };
    } else if (isMap(node)) {
      const pair = (node.items as Pair<Node, Node | null>[]).find(
        ({ key }) => isScalar(key) && String(key.value) === String(step),
      );
      if (pair === undefined) return place;
      node = resolve(pair.value);
      const value = pair.value?.range === undefined || pair.value?.range === null ? pair.key : pair.value;
      place = { key: offsetOf(pair.key), value: offsetOf(value), source: sourceOf(node) };
    } else return place;
  }
  return place;
}

function sourceOf(node: Node | null | undefined): string | null {
  return isScalar(node) && typeof node.value !== 'string' ? (node.source ?? null) : null;
}
