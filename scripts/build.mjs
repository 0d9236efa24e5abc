// npm run build: compiles everything that has changed, and builds the web app.
import { build, buildSite, install, requireNode } from './prepare.mjs';

requireNode();
await install();
await build();
await buildSite();
