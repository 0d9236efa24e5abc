// npm run bench [-- name …]: runs the benches of test/bench, one after the other, on the sources.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { foreground, install, ROOT, requireNode, tool } from './prepare.mjs';

requireNode();
await install();
const folder = join(ROOT, 'test', 'bench');
const known = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3))
  .sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exit(2);
}
let failed = 0;
for (const name of wanted.length > 0 ? wanted : known) {
  console.log(`\n# ${name}`);
  const code = await foreground(
    tool('tsx/dist/cli.mjs', '--conditions=source', join('test', 'bench', `${name}.ts`)),
  );
  if (code !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);
