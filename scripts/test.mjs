// npm test: installs and builds what is missing, then runs vitest with the arguments given. A skipped test is
// always printed with its name; under CI=1 or WATCHBILL_CI=1 it is a failure.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, buildSite, foreground, install, ROOT, requireNode, tool } from './prepare.mjs';

const REPORT = join(ROOT, '.test-state', 'report.json');

requireNode();
await install();
await build();
await buildSite();
mkdirSync(join(ROOT, '.test-state'), { recursive: true });
rmSync(REPORT, { force: true });
const given = process.argv.slice(2);
const code = await foreground(
  tool(
    'vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
    ...given,
  ),
);
const skipped = chosenByName(given) ? [] : skippedTests();
if (skipped.length > 0) {
  console.log(`\n${skipped.length} tests were skipped:`);
  for (const name of skipped) console.log(`  ${name}`);
}
const strict = ['1', 'true'].includes(process.env.CI ?? '') || process.env.WATCHBILL_CI === '1';
if (strict && skipped.length > 0) console.log('Here a skipped test is a failure.');
process.exit(code === 0 && strict && skipped.length > 0 ? 1 : code);

/** With a name pattern every other test counts as skipped, which is what was asked for. */
function chosenByName(words) {
  return words.some((word) => word === '-t' || word.startsWith('--testNamePattern'));
}

function skippedTests() {
  if (!existsSync(REPORT)) return [];
  const { testResults } = JSON.parse(readFileSync(REPORT, 'utf8'));
  return testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status !== 'passed' && test.status !== 'failed')
      .map((test) => `${file.name.slice(ROOT.length + 1)}: ${test.fullName}`),
  );
}
