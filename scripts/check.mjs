// npm run check: everything that can be known without running the product. All checks run, whatever fails.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, install, ROOT, requireNode, tool } from './prepare.mjs';

const CHECKS = [
  ['types of the product', tool('typescript/bin/tsc', '-b')],
  ['types of the tests', tool('typescript/bin/tsc', '-p', 'test/tsconfig.json')],
  [
    'style (biome)',
    tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '--max-diagnostics=200'),
  ],
  [
    'imports (dependency-cruiser)',
    tool(
      'dependency-cruiser/bin/dependency-cruise.mjs',
      '--config',
      '.dependency-cruiser.cjs',
      'packages',
      'services',
      'test',
    ),
  ],
  ['tidiness', tool('vitest/vitest.mjs', 'run', 'test/tidy')],
];

requireNode();
await install();
let failed = 0;
for (const [name, command] of CHECKS) {
  const startedAt = performance.now();
  const { code, output } = await capture(command);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (code === 0) continue;
  failed += 1;
  console.log(output.trim());
}
mkdirSync(join(ROOT, '.test-state'), { recursive: true });
const result = { passed: CHECKS.length - failed, failed };
writeFileSync(join(ROOT, '.test-state', 'check.json'), JSON.stringify(result));
console.log(`${result.passed} checks passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
