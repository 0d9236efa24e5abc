import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root of the checkout; every script works on it, wherever it was called from. */
export const ROOT = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');

const OLDEST_NODE = [20, 20];

/** Ends the process with one clear sentence when Node is too old: the errors it would give later name no cause. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  console.error(
    `Watchbill needs Node.js ${OLDEST_NODE.join('.')} or newer, and this is ${process.versions.node}. Install a newer one from https://nodejs.org and try again.`,
  );
  process.exit(1);
}

/** Installs the packages when there are none, or when package-lock.json is newer than they are. */
export async function install() {
  if (isInstalled()) return;
  await step('Installing packages (a minute or two, the first time)', npm('ci', '--no-audit', '--no-fund'));
}

function isInstalled() {
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  const wanted = join(ROOT, 'package-lock.json');
  if (!existsSync(installed)) return false;
  return !existsSync(wanted) || statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
}

/** The command line of npm: the one that called us if any, since Windows cannot start `npm` without a shell. */
function npm(...words) {
  const own = process.env.npm_execpath;
  if (own !== undefined && /npm-cli\.[cm]?js$/.test(own)) return [process.execPath, own, ...words];
  return ['npm', ...words];
}

/** Compiles what has changed. `projects`: folders; all of them by default. */
export async function build(...projects) {
  await step('Building', tool('typescript/bin/tsc', '-b', ...projects));
}

/** Builds the web app, unless what is built is newer than everything it is made of. */
export async function buildSite() {
  const web = join(ROOT, 'services', 'web');
  const built = join(web, 'dist', 'site', 'index.html');
  const sources = ['services/web/src', 'services/web/index.html', 'services/web/public', 'packages/core/src'];
  const newest = Math.max(...sources.map((path) => newestIn(join(ROOT, path))));
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  await step('Building the web app', tool('vite/bin/vite.js', 'build', web));
}

function newestIn(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

/** The command line of a tool in node_modules. */
export function tool(path, ...words) {
  return [process.execPath, join(ROOT, 'node_modules', path), ...words];
}

/**
 * Runs a command with its output held back; a dot a second shows that it is alive. When it fails, its output is
 * printed and the process ends with its code.
 */
async function step(title, command) {
  const startedAt = performance.now();
  process.stdout.write(`${title}…`);
  const dots = process.stdout.isTTY ? setInterval(() => process.stdout.write('.'), 1_000) : undefined;
  const { code, output } = await capture(command);
  clearInterval(dots);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (code === 0) {
    console.log(` done (${seconds} s)`);
    return;
  }
  console.log(' failed');
  console.error(output.trim());
  process.exit(code ?? 1);
}

/** Runs a command and gives its exit code and everything it printed. */
export function capture([program, ...words]) {
  return new Promise((done) => {
    const child = spawn(program, words, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && program === 'npm',
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.once('error', (error) => done({ code: 1, output: `${output}${error.message}` }));
    child.once('close', (code, signal) => done({ code: signal === null ? code : 1, output }));
  });
}

/** Runs a command in the foreground and gives its exit code; Ctrl-C reaches it through the terminal. */
export function foreground([program, ...words], environment = {}) {
  return new Promise((done) => {
    const child = spawn(program, words, {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    });
    const ignore = () => {};
    const forward = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore);
    process.on('SIGTERM', forward);
    child.once('error', (error) => {
      console.error(error.message);
      done(1);
    });
    child.once('close', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', forward);
      done(signal === null ? (code ?? 1) : 1);
    });
  });
}
