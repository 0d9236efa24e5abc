// npm run dev: compiles on every change and starts the standalone again.
import { build, buildSite, foreground, install, requireNode, tool } from './prepare.mjs';

requireNode();
await install();
await build();
await buildSite();
const compiler = foreground(tool('typescript/bin/tsc', '-b', '--watch', '--preserveWatchOutput'));
const program = foreground([
  process.execPath,
  '--watch',
  '--watch-preserve-output',
  'services/standalone/dist/main.js',
  ...process.argv.slice(2),
]);
process.exit(await Promise.race([compiler, program]));
