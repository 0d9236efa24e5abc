#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const service = fileURLToPath(new URL('..', import.meta.url));
const main = new URL('../dist/main.js', import.meta.url);
// The compiler writes this file last: without it a build is still running, or was broken off.
const built = [main, ...['..', '../../../packages/core', '../../../packages/config'].map(buildInfoOf)];
const lock = new URL('../dist/.building', import.meta.url);
const WAIT_STEP_MS = 250;
const WAIT_STEPS = 480;

function buildInfoOf(folder) {
  return new URL(`${folder}/dist/.tsbuildinfo`, import.meta.url);
}

function isBuilt() {
  return built.every((file) => existsSync(file));
}

function fail(message) {
  process.stderr.write(`watchbill: ${message}\n`);
  process.exitCode = 2;
}

/** True when this process holds the lock; false when another one built meanwhile. */
function takeLock() {
  mkdirSync(new URL('../dist/', import.meta.url), { recursive: true });
  for (let step = 0; step < WAIT_STEPS; step += 1) {
    try {
      mkdirSync(lock);
      return true;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_STEP_MS);
    if (isBuilt()) return false;
  }
  // Left behind by a build that was killed.
  return true;
}

function build() {
  process.stderr.write('watchbill: building the command line, once …\n');
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  // Standard output is for data only: what the compiler says goes to standard error.
  const { status } = spawnSync(process.execPath, [compiler, '-b', service], { stdio: ['ignore', 2, 2] });
  return status === 0;
}

function prepare() {
  if (isBuilt()) return true;
  try {
    if (!takeLock()) return true;
    try {
      if (isBuilt() || build()) return true;
    } finally {
      rmdirSync(lock);
    }
    fail('it could not be built: see the messages above. Then try "npm run build".');
  } catch (error) {
    fail(`it could not be built: ${error.message}. Run "npm ci" in the repository first.`);
  }
  return false;
}

if (prepare()) await import(main.href);
