import type { Finding, PathStep } from '../config-error.ts';
import { MAX_ERRORS } from '../limits.ts';
import type { ConfigModel } from '../model/config-schema.ts';
import { configSchema } from '../model/config-schema.ts';
import { rotationSchema } from '../model/schedule-schema.ts';
import type { IssueContext } from '../read/issues.ts';
import { explainIssues } from '../read/issues.ts';
import { knownKeys } from '../read/known-keys.ts';
import { prune } from '../read/prune.ts';

/** What the check of shape leaves for the check of meaning. */
export interface Shape {
  readonly findings: readonly Finding[];
  /** The parts of the model whose shape is good. */
  readonly sound: ConfigModel;
  /** The finding of a check of `sound`, with its path in the whole model; null if a fault of shape explains it. */
  readonly inWhole: (finding: Finding) => Finding | null;
}

/** Faults of meaning that follow from a fault of shape in another key of the same schedule. */
const FOLLOWS_FROM: Readonly<Record<string, string>> = {
  'hours/no-core-hours': 'coreHours',
  'role/unknown': 'roles',
  'rotation/no-team': 'team',
};

/** Checks the shape of a plain JSON model: every fault, and what is left without the faulty parts. */
export function checkShape(model: unknown, sourceAt: IssueContext['sourceAt']): Shape {
  const parsed = configSchema.safeParse(model);
  if (parsed.success) return { findings: [], sound: parsed.data, inWhole: (finding) => finding };
  const { issues } = parsed.error;
  const keysAt = (path: readonly PathStep[]) => knownKeys(configSchema, path, model);
  const keysOfStrategies = knownKeys(rotationSchema, [], undefined);
  const findings = explainIssues(issues.slice(0, MAX_ERRORS + 1), {
    model,
    sourceAt,
    keysAt,
    keysOfStrategies,
  });
  // After so many faults nobody misses those of meaning, and to look for them could take long.
  if (issues.length > MAX_ERRORS) return { findings, sound: { version: 1 }, inWhole: () => null };
  const broken = findings.filter(({ code }) => code !== 'config/unknown-key').map(({ path }) => path);
  const pruned = prune(
    configSchema,
    model,
    broken.filter(([key]) => key !== 'version'),
  );
  const sound = (broken.some(({ length }) => length === 0) ? { version: 1 } : pruned.model) as ConfigModel;
  const inWhole = (finding: Finding): Finding | null => {
    const path = pruned.originalPath(finding.path);
    const cause = FOLLOWS_FROM[finding.code];
    const causes = cause === undefined ? [path] : [path, [...path.slice(0, 2), cause]];
    return causes.some((start) => broken.some((each) => startsWith(each, start)))
      ? null
      : { ...finding, path };
  };
  return { findings, sound, inWhole };
}

function startsWith(path: readonly PathStep[], start: readonly PathStep[]): boolean {
  return start.every((step, index) => path[index] === step);
}
