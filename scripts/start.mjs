// npm start: installs and builds what is missing, then runs everything in this very process, so that Ctrl-C
// reaches the program itself and nothing stands between it and the terminal.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, buildSite, install, ROOT, requireNode } from './prepare.mjs';

requireNode();
await install();
await build('services/standalone', 'services/cli');
await buildSite();
const main = join(ROOT, 'services', 'standalone', 'dist', 'main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);
