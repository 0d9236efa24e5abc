// Prints "N passed, N failed" from what the checks and vitest reported; what did not report at all has failed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';

function read(name) {
  const path = join(ROOT, '.test-state', name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

const check = read('check.json') ?? { passed: 0, failed: 1 };
const report = read('report.json');
let passed = check.passed;
let failed = check.failed;
if (report === undefined) {
  failed += 1;
} else {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const passedTests = tests.filter((test) => test.status === 'passed').length;
  // A file that could not be loaded has no test at all, and an error outside the tests is in no file.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failedTests = tests.length - passedTests + brokenFiles;
  passed += passedTests;
  failed += failedTests === 0 && report.success !== true ? 1 : failedTests;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
